import type { EvaluationRecord } from '../../record/run-record.ts';
import { wilsonInterval } from '../../state/charts/interval.ts';

export type Interval = readonly [low: number, high: number];

const Z_95 = 1.959964;

/** A share of the queries of one kind, or of those of `kinds`: Wilson's interval. */
export const shareInterval = (share: number, { queriesPerKind }: EvaluationRecord, kinds = 1): Interval =>
  wilsonInterval(share, queriesPerKind * kinds);

/** A mean over queries: x̄ ± z s / √n, never below 0, as no figure here is. Null with fewer than two. */
export function meanInterval(values: readonly number[]): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = Z_95 * Math.sqrt(variance / n);
  return [Math.max(0, mean - half), mean + half];
}
