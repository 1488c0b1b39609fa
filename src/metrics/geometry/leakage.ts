import type { LeakageRecord } from '../../record/geometry-record.ts';
import { bootstrap, resample, type Uniform } from './resampling.ts';
import { dot, type Vector } from './linear-algebra.ts';

/** A safety push below this many standard errors counts as not measured. */
const LEAST_PUSH = 2;

/** One query's shift, read along both axes. */
export interface ReadShift {
  readonly safety: number;
  readonly expressiveness: number;
}

/** Reads shifts of hidden states, one vector a query, with the readouts of both axes: a_sᵀ Δ and a_eᵀ Δ. */
export const readShifts = (
  shifts: readonly Vector[],
  readouts: { readonly safety: Vector; readonly expressiveness: Vector },
): ReadShift[] =>
  shifts.map(shift => ({
    safety: dot(readouts.safety, shift),
    expressiveness: dot(readouts.expressiveness, shift),
  }));

/**
 * Leakage Λ = a_eᵀ Δ / a_sᵀ Δ, where Δ is the mean over strata (query kinds, with equal weight) of their mean shift. A shift along v_s
 * alone gives `forced` = cos φ; `excess` = Λ − cos φ is what the geometry does not force. Both parts are means, so a bootstrap that
 * resamples queries within their stratum, the axes held fixed, gives standard error and interval. Where |a_sᵀ Δ| is below two standard
 * errors (of a stratified mean), no safety push was measured: Λ is null. So is a stratum with a single query, which says nothing about its
 * error. Strata without queries are left out.
 * @throws RangeError when no stratum has a query.
 */
export function leakage(
  strata: readonly (readonly ReadShift[])[],
  forced: number | null,
  uniform: Uniform,
): LeakageRecord {
  const filled = strata.filter(stratum => stratum.length > 0);
  if (filled.length === 0) throw new RangeError('leakage: there is no shift to read');
  const all = stratifiedMean(filled);
  const pushError = Math.sqrt(
    filled.reduce((sum, stratum) => sum + varianceOfMean(stratum.map(({ safety }) => safety)), 0) /
      filled.length ** 2,
  );
  const push = { push: all.safety, pushError, pull: all.expressiveness, forced };
  const unsure = filled.some(stratum => stratum.length < 2) || all.safety === 0;
  if (unsure || Math.abs(all.safety) < LEAST_PUSH * pushError)
    return { ...push, value: null, excess: null, interval: null };
  const value = all.expressiveness / all.safety;
  const interval = bootstrap(() => {
    const drawn = stratifiedMean(
      filled.map(stratum => resample(stratum.length, uniform).map(row => stratum[row]!)),
    );
    return drawn.expressiveness / drawn.safety;
  });
  return { ...push, value, excess: forced === null ? null : value - forced, interval };
}

function stratifiedMean(strata: readonly (readonly ReadShift[])[]): ReadShift {
  let safety = 0;
  let expressiveness = 0;
  for (const stratum of strata)
    for (const shift of stratum) {
      safety += shift.safety / (stratum.length * strata.length);
      expressiveness += shift.expressiveness / (stratum.length * strata.length);
    }
  return { safety, expressiveness };
}

function varianceOfMean(values: readonly number[]): number {
  const n = values.length;
  if (n < 2) return 0;
  const average = values.reduce((sum, value) => sum + value, 0) / n;
  return values.reduce((sum, value) => sum + (value - average) ** 2, 0) / ((n - 1) * n);
}
