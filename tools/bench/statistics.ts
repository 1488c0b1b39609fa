/** Middle of the values, the mean of the two middle ones where their number is even. @throws RangeError without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const high = sorted[Math.floor(sorted.length / 2)];
  const low = sorted[Math.floor((sorted.length - 1) / 2)];
  if (low === undefined || high === undefined) throw new RangeError('the median of no values');
  return (low + high) / 2;
}

/** Median and range of what was measured in several rounds. */
export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError without values. */
export function summarise(values: readonly number[]): Summary {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * Ratio a/b of every round. Both of a round run one after the other, so what else the machine does then slows both and leaves
 * most of their ratio alone.
 * @throws RangeError when the lists differ in length.
 */
export function roundRatios(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) throw new RangeError(`ratios of ${a.length} rounds to ${b.length}`);
  return a.map((value, round) => value / b[round]!);
}
