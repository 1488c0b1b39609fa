import type { KindFigures } from '../record/run-record.ts';
import { QUERY_KINDS, type QueryKind } from '../contract/world.ts';
import { METRIC } from '../kernels/divergence/divergence-rows.ts';
import type { Rollout } from '../model/rollout-types.ts';
import type { Task } from '../tasks/task.ts';
import { columnMean, type TokenMetrics } from './token-metrics.ts';

/** Figures of a step's rollouts by query kind; kinds without a rollout are absent. */
export function figuresByKind(
  batch: readonly Task[],
  answers: readonly Rollout[],
  metrics: TokenMetrics,
): Partial<Record<QueryKind, KindFigures>> {
  const kinds: Partial<Record<QueryKind, KindFigures>> = {};
  for (const kind of QUERY_KINDS) {
    const rows = batch.flatMap((task, i) => (task.kind === kind ? [i] : []));
    if (rows.length === 0) continue;
    const mean = (of: (row: number) => number): number =>
      rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    const declined = (row: number): boolean =>
      ['refuse', 'rich'].includes(batch[row]!.judge(answers[row]!.tokens).label);
    kinds[kind] = {
      rollouts: rows.length,
      length: mean(row => answers[row]!.tokens.length),
      refusal: mean(row => Number(declined(row))),
      reverseKl: mean(row =>
        columnMean(metrics, METRIC.reverseKl, metrics.start[row], metrics.start[row + 1]),
      ),
    };
  }
  return kinds;
}
