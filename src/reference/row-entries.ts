import { logSoftmax } from './softmax.ts';
import { topIds } from './teacher-support.ts';

/** Entries of one row in order, and the target token's. */
export interface RowEntries {
  readonly ids: readonly number[];
  readonly values: readonly number[];
  readonly target: number;
}

/** The k likeliest tokens of a row of logits with their log-probabilities in nats; of equal ones the lowest ids first. */
export function likeliestTokens(row: ArrayLike<number>, target: number, k: number): RowEntries {
  const logProbs = logSoftmax(row);
  const ids = topIds(row, k);
  return { ids, values: ids.map(id => logProbs[id]!), target: logProbs[target]! };
}

/** The k largest or smallest entries of a row; of equal ones the lowest ids first. */
export function extremeEntries(
  row: ArrayLike<number>,
  target: number,
  k: number,
  order: 'largest' | 'smallest',
): RowEntries {
  const sign = order === 'largest' ? 1 : -1;
  const ids = topIds(
    Array.from(row, value => sign * value),
    k,
  );
  return { ids, values: ids.map(id => row[id]!), target: row[target]! };
}
