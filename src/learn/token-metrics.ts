import { METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';

/** Metrics of every response token, [tokens, METRIC_COLUMNS], and the first token of each response, and one past the last. */
export interface TokenMetrics {
  readonly columns: Float32Array<ArrayBuffer>;
  readonly start: readonly number[];
}

/** Mean of a column over the tokens that take part: all but the first `skipFirst` of each response; null where none does. */
export function participatingMean(metrics: TokenMetrics, column: number, skipFirst: number): number | null {
  const { columns, start } = metrics;
  let sum = 0;
  let count = 0;
  for (let response = 0; response + 1 < start.length; response++)
    for (let token = start[response]! + skipFirst; token < start[response + 1]!; token++, count++)
      sum += columns[token * METRIC_COLUMNS + column]!;
  return count === 0 ? null : sum / count;
}

/** Mean of a column over the tokens from `begin` to `end`; over all by default. */
export function columnMean(
  { columns, start }: TokenMetrics,
  column: number,
  begin = 0,
  end = start.at(-1) ?? 0,
): number {
  let sum = 0;
  for (let token = begin; token < end; token++) sum += columns[token * METRIC_COLUMNS + column]!;
  return sum / Math.max(1, end - begin);
}

/**
 * Weight of each response token in the loss: 1/n for each of the n tokens that take part, 0 for the first `skipFirst` of each response.
 * @param start first token of each response, and one past the last
 * @param loss `each`: 1 in place of 1/n, so that a token's gradient is that of its own loss
 */
export function tokenWeights(
  start: readonly number[],
  skipFirst: number,
  loss: 'mean' | 'each' = 'mean',
): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(start.at(-1) ?? 0);
  for (let response = 0; response + 1 < start.length; response++)
    weights.fill(1, Math.min(start[response]! + skipFirst, start[response + 1]!), start[response + 1]);
  const active = loss === 'mean' ? weights.reduce((sum, weight) => sum + weight, 0) : 1;
  return weights.map(weight => weight / Math.max(1, active));
}
