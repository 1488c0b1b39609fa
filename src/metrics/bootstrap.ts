/** A mean with its confidence interval. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  /** Fixes the resamples: the same seed and values give the same interval. Default 1. */
  readonly seed?: number;
  /** Resamples, default 2000: the ends of a 95 % interval then vary by about a thirtieth of its width. */
  readonly resamples?: number;
  /** Coverage, default 0.95. */
  readonly level?: number;
}

/** mulberry32, uniform in [0, 1). */
function uniformFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value below which a share of the sorted values lies, between neighbours linearly (Hyndman & Fan 1996, type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const at = share * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (at - below) * (sorted[above]! - sorted[below]!);
}

function percentiles(
  estimate: number,
  resample: (uniform: () => number) => number,
  { seed = 1, resamples = 2000, level = 0.95 }: BootstrapOptions,
): Interval {
  if (!(level > 0 && level < 1) || !(resamples >= 1))
    throw new RangeError(`bootstrap: level ${level} and ${resamples} resamples make no interval.`);
  const uniform = uniformFrom(seed);
  const drawn = Float64Array.from({ length: resamples }, () => resample(uniform)).sort();
  const tail = (1 - level) / 2;
  return { mean: estimate, low: quantile(drawn, tail), high: quantile(drawn, 1 - tail) };
}

function resampledMean(values: readonly number[], uniform: () => number): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[Math.floor(uniform() * values.length)]!;
  return sum / values.length;
}

/**
 * Percentile bootstrap interval of a mean (Efron 1979): quantiles of the means of resamples with replacement. Its ends coincide
 * where all values are equal: give shares near 0 or 1 Wilson's interval instead.
 * @throws RangeError without a value.
 */
export function bootstrapMean(values: readonly number[], options: BootstrapOptions = {}): Interval {
  if (values.length === 0) throw new RangeError('bootstrapMean: no values.');
  return percentiles(mean(values), uniform => resampledMean(values, uniform), options);
}

/**
 * Interval of mean(first) − mean(second) where first[i] and second[i] belong to the same query: queries are resampled, and with
 * each its pair, so that what a query does to both cancels.
 * @throws RangeError where the lists are empty or differ in length.
 */
export function bootstrapDifference(
  first: readonly number[],
  second: readonly number[],
  options: BootstrapOptions = {},
): Interval {
  if (first.length !== second.length)
    throw new RangeError(`bootstrapDifference: ${first.length} values beside ${second.length}.`);
  return bootstrapMean(
    first.map((value, i) => value - second[i]!),
    options,
  );
}

/**
 * Interval of the mean over seeds of the mean over queries, in two levels: seeds are resampled, then the queries within each (Davison &
 * Hinkley 1997, §3.8). It covers the variance of training and of the queries. With few seeds it is too narrow: a resample of s seeds has (s
 * − 1)/s of their variance, so three of them give about four fifths of the width.
 * @param values values[seed][query]
 * @throws RangeError without a seed, or for a seed without queries.
 */
export function bootstrapOverSeeds(
  values: readonly (readonly number[])[],
  options: BootstrapOptions = {},
): Interval {
  if (values.length === 0 || values.some(queries => queries.length === 0))
    throw new RangeError('bootstrapOverSeeds: every seed needs a value, and there must be a seed.');
  const resample = (uniform: () => number): number => {
    let sum = 0;
    for (let i = 0; i < values.length; i++)
      sum += resampledMean(values[Math.floor(uniform() * values.length)]!, uniform);
    return sum / values.length;
  };
  return percentiles(mean(values.map(mean)), resample, options);
}
