import { METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';

/** Metrics of every response token, [tokens, METRIC_COLUMNS], and where each response begins (with one end more). */
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
