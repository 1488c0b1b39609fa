/** Draws from [0, 1). The caller owns and seeds it: equal seeds give equal intervals. */
export type Uniform = () => number;

/** Resamples behind an interval: enough for its 2.5 % ends. */
export const RESAMPLES = 400;

/** Spread of a statistic over bootstrap resamples. */
export interface Spread {
  /** Standard deviation of the resampled values. */
  readonly standardError: number;
  /** Its 2.5 % and 97.5 % quantiles (percentile interval, Efron & Tibshirani 1993). */
  readonly low: number;
  readonly high: number;
}

/** `count` rows of `count`, drawn with replacement. */
export const resample = (count: number, uniform: Uniform): number[] =>
  Array.from({ length: count }, () => Math.min(count - 1, Math.floor(uniform() * count)));

/** Spread of `statistic` over resamples; values that are not finite are left out. Null where fewer than half are left. */
export function bootstrap(statistic: () => number | null, resamples = RESAMPLES): Spread | null {
  const values: number[] = [];
  for (let round = 0; round < resamples; round++) {
    const value = statistic();
    if (value !== null && Number.isFinite(value)) values.push(value);
  }
  if (values.length < Math.max(2, resamples / 2)) return null;
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - average) ** 2, 0);
  values.sort((a, b) => a - b);
  return {
    standardError: Math.sqrt(squares / (values.length - 1)),
    low: quantile(values, 0.025),
    high: quantile(values, 0.975),
  };
}

/** Linear interpolation between order statistics (Hyndman & Fan 1996, type 7). */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}
