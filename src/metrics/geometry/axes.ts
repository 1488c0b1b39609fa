import type { ExpressivenessAxis, SafetyAxis } from '../../record/geometry-record.ts';
import { combine, dot, mean, solve, type CholeskyFactor, type Vector } from './linear-algebra.ts';

/** The answers behind the axes: to harmful queries, and to benign ones. One vector a query, queries in the same order. */
export interface ReferenceStates {
  readonly harmful: Readonly<Record<'refusal' | 'rich' | 'comply', readonly Vector[]>>;
  readonly benign: Readonly<Record<'full' | 'short' | 'refusal', readonly Vector[]>>;
}

/** Means of the reference answers. */
export interface ReferenceMeans {
  readonly harmful: Readonly<Record<'refusal' | 'rich' | 'comply', Vector>>;
  readonly benign: Readonly<Record<'full' | 'short' | 'refusal', Vector>>;
}

/** Means over queries; over the queries `pick` names, repeats counted, where given (a bootstrap resample). */
export function referenceMeans(
  { harmful, benign }: ReferenceStates,
  pick?: { readonly harmful: readonly number[]; readonly benign: readonly number[] },
): ReferenceMeans {
  const of = (vectors: readonly Vector[], rows: readonly number[] | undefined): Vector =>
    mean(rows ? rows.map(row => vectors[row]!) : vectors);
  return {
    harmful: {
      refusal: of(harmful.refusal, pick?.harmful),
      rich: of(harmful.rich, pick?.harmful),
      comply: of(harmful.comply, pick?.harmful),
    },
    benign: {
      full: of(benign.full, pick?.benign),
      short: of(benign.short, pick?.benign),
      refusal: of(benign.refusal, pick?.benign),
    },
  };
}

export interface Directions {
  readonly safety: Readonly<Record<SafetyAxis, Vector>>;
  readonly expressiveness: Readonly<Record<ExpressivenessAxis, Vector>>;
}

/**
 * Directions as differences of means, not scaled:
 *
 *   v_s^refusal = h̄(harmful, refusal) − h̄(harmful, comply), v_s^rich likewise, v_s = ½ v_s^refusal + ½ v_s^rich;
 *   v_e = h̄(benign, full) − h̄(benign, short), or with half of the short answers replaced by refusals.
 *
 * The definitions are this lab's own (docs/method.md).
 */
export function directions({ harmful, benign }: ReferenceMeans): Directions {
  const { refusal, rich, comply } = harmful;
  const safe = (a: number, b: number): Vector =>
    combine([
      [a, refusal],
      [b, rich],
      [-1, comply],
    ]);
  return {
    safety: { mixed: safe(0.5, 0.5), refusal: safe(1, 0), rich: safe(0, 1) },
    expressiveness: {
      plain: combine([
        [1, benign.full],
        [-1, benign.short],
      ]),
      withRefusals: combine([
        [1, benign.full],
        [-0.5, benign.short],
        [-0.5, benign.refusal],
      ]),
    },
  };
}

/** a = Σ⁻¹ v / √(vᵀ Σ⁻¹ v): the linear readout of v with unit variance under Σ. @throws RangeError when v is zero. */
export function readout(factor: CholeskyFactor, v: Vector): Vector {
  const solved = solve(factor, v);
  const square = dot(v, solved);
  if (!(square > 0)) throw new RangeError('readout: the direction is zero');
  const scale = 1 / Math.sqrt(square);
  return solved.map(value => value * scale);
}

/** v / ‖v‖: the readout of the raw geometry. @throws RangeError when v is zero. */
export function unit(v: Vector): Vector {
  const length = Math.sqrt(dot(v, v));
  if (!(length > 0)) throw new RangeError('unit: the direction is zero');
  return v.map(value => value / length);
}

/** cos φ = a_sᵀ Σ a_e = v_sᵀ Σ⁻¹ v_e / √(v_sᵀ Σ⁻¹ v_s · v_eᵀ Σ⁻¹ v_e); null where one of them is zero. */
export function whitenedCosine(factor: CholeskyFactor, v: Vector, w: Vector): number | null {
  const [solvedV, solvedW] = [solve(factor, v), solve(factor, w)];
  const squares = dot(v, solvedV) * dot(w, solvedW);
  return squares > 0 ? dot(v, solvedW) / Math.sqrt(squares) : null;
}
