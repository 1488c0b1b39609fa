import type { AnswerCloud, AnswerPlace, GeometryRecord } from '../../record/geometry-record.ts';
import { readout, unit } from './axes.ts';
import type { PolicyMeans } from './chart-coordinates.ts';
import { dot, type Vector } from './linear-algebra.ts';
import type { ByKind, GeometryAxes } from './shift-record.ts';

/** Digits after the point: a tenth of a pixel in any drawing. */
const ROUNDING = 1e3;

/**
 * Every answer's place on the axes: aᵀ (h − h̄_base), with the mean of the base's answers to queries of the same kind, for the readouts
 * of the whitened geometry and for unit directions.
 */
export function answerClouds(
  { directions: { safety, expressiveness }, covariance: { factor } }: GeometryAxes,
  base: PolicyMeans,
  states: ByKind<Vector>,
): NonNullable<GeometryRecord['cloud']> {
  const read = (toReadout: (v: Vector) => Vector): AnswerCloud => {
    const readouts = [safety.mixed, expressiveness.plain, expressiveness.withRefusals].map(toReadout);
    const of = (kind: keyof AnswerCloud): AnswerPlace[] =>
      states[kind].map(state => {
        const [s, plain, withRefusals] = readouts.map(
          axis => Math.round((dot(axis, state) - dot(axis, base[kind])) * ROUNDING) / ROUNDING,
        );
        return [s!, plain!, withRefusals!];
      });
    return { harmful: of('harmful'), benign: of('benign') };
  };
  return { whitened: read(v => readout(factor, v)), raw: read(unit) };
}
