import type { ChartSpec } from './chart-specs.ts';
import type { PlotValues } from './plot-values.ts';

/** What a plot shows at a step, in words. */
export interface ValuesAt {
  readonly step: number;
  readonly smoothed: number | null;
  readonly raw: number | null;
  readonly evaluation: number | null;
  readonly interval: readonly [low: number, high: number] | null;
}

function valueAt(points: PlotValues['raw'], step: number): number | null {
  const index = points.x.indexOf(step);
  if (index >= 0) return points.y[index] ?? null;
  const before = points.x.findLastIndex(x => x <= step);
  const after = points.x.findIndex(x => x >= step);
  // Binned lines skip steps between two points: the nearer one stands for them.
  if (before < 0 || after < 0) return null;
  const nearer = step - (points.x[before] ?? 0) <= (points.x[after] ?? 0) - step ? before : after;
  return points.y[nearer] ?? null;
}

export function valuesAt(values: PlotValues, step: number): ValuesAt {
  const evaluation = values.evaluations.find(point => point.step === step);
  return {
    step,
    smoothed: valueAt(values.smoothed, step),
    raw: valueAt(values.raw, step),
    evaluation: evaluation?.value ?? null,
    interval: evaluation?.interval ?? null,
  };
}

/** One sentence for those who hear the chart. */
export function describeAt(
  chart: ChartSpec,
  { step, smoothed, raw, evaluation, interval }: ValuesAt,
): string {
  const { format } = chart;
  const parts = [
    ...(raw === null ? [] : [`rollouts ${format(raw)}, smoothed ${format(smoothed ?? raw)}`]),
    ...(evaluation === null ? [] : [`evaluation ${format(evaluation)}`]),
    ...(interval ? [`between ${format(interval[0])} and ${format(interval[1])}`] : []),
  ];
  return `step ${step}: ${parts.length > 0 ? parts.join(', ') : 'nothing measured yet'}`;
}
