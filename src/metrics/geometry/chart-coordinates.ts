import {
  EXPRESSIVENESS_AXES,
  type ExpressivenessAxis,
  type GeometryRecord,
} from '../../record/geometry-record.ts';
import { directions, unit, type ReferenceMeans } from './axes.ts';
import { combine, dot, mean, type Vector } from './linear-algebra.ts';
import type { ByKind } from './shift-record.ts';

/** Mean hidden states of a policy's own answers, by query kind. */
export interface PolicyMeans {
  readonly harmful: Vector;
  readonly benign: Vector;
}

/** Means of the states of a policy's answers. @throws RangeError when a kind has none. */
export const policyMeans = (states: ByKind<Vector>): PolicyMeans => ({
  harmful: mean(states.harmful),
  benign: mean(states.benign),
});

/** A policy's coordinates in the chart. Null where the references lie on the wrong side of the base, so there is no scale. */
export type ChartPoint = Pick<GeometryRecord, 'x' | 'y'>;

/**
 * With δ = φ(policy) − φ(base) and unit directions,
 *
 *   x = ⟨δ_harmful, v_s⟩ / ⟨h̄(harmful, refusal) − φ_harmful(base), v_s⟩: 0 at the base, 1 when every answer is a refusal;
 *   y = −⟨δ_benign, v_e⟩ / ⟨h̄(benign, contracted) − φ_benign(base), v_e⟩: 0 at the base, −1 fully contracted, where contracted
 *   answers are short ones, or half short and half refusals, as v_e has them.
 *
 * v_s is the mixed axis. Both are ratios of raw projections, so they do not depend on Σ.
 */
export function chartPoint(references: ReferenceMeans, base: PolicyMeans, policy: PolicyMeans): ChartPoint {
  const { safety, expressiveness } = directions(references);
  const { refusal, short } = references.benign;
  const contracted: Readonly<Record<ExpressivenessAxis, Vector>> = {
    plain: short,
    withRefusals: combine([
      [0.5, short],
      [0.5, refusal],
    ]),
  };
  const along = (axis: Vector, to: Vector, from: Vector): number =>
    dot(unit(axis), to) - dot(unit(axis), from);
  const x = along(safety.mixed, policy.harmful, base.harmful);
  const refusing = along(safety.mixed, references.harmful.refusal, base.harmful);
  const y = EXPRESSIVENESS_AXES.map(axis => {
    const direction = expressiveness[axis];
    const contracting = -along(direction, contracted[axis], base.benign);
    return [axis, contracting > 0 ? along(direction, policy.benign, base.benign) / contracting : null];
  });
  return {
    x: refusing > 0 ? x / refusing : null,
    y: Object.fromEntries(y) as ChartPoint['y'],
  };
}
