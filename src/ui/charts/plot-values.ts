import { binMinMax, type BinnedPoints } from '../../state/binning.ts';
import { wilsonInterval } from '../../state/interval.ts';
import type { RunData } from '../../state/run-data.ts';
import { smooth } from '../../state/smoothing.ts';
import type { ChartSpec, PlotSpec } from './chart-specs.ts';

/** Points of a line that are drawn at most: more cost time and show nothing new. */
const DRAWN_POINTS = 300;

export interface EvaluationPoint {
  readonly step: number;
  readonly value: number;
  /** 95 % interval, of shares only. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** All that a plot draws, in the figure's own unit. */
export interface PlotValues {
  readonly raw: BinnedPoints;
  readonly smoothed: BinnedPoints;
  readonly evaluations: readonly EvaluationPoint[];
  readonly base: number | null;
  readonly teacher: number | null;
}

export function plotValues(data: RunData, chart: ChartSpec, plot: PlotSpec, smoothing: number): PlotValues {
  const x = data.series.steps;
  const y = data.series.column(plot.metric);
  const evaluations = data.evals.flatMap(record => {
    const value = plot.evaluated(record);
    if (value === null) return [];
    const interval = chart.share ? wilsonInterval(value, record.queriesPerKind) : null;
    return [{ step: record.step, value, interval }];
  });
  return {
    raw: binMinMax({ x, y }, DRAWN_POINTS),
    smoothed: binMinMax({ x, y: smooth(y, smoothing) }, DRAWN_POINTS),
    evaluations,
    base: data.base && plot.evaluated(data.base),
    teacher: plot.teacherLevel ?? (data.teacher && plot.evaluated(data.teacher)),
  };
}

const DIGITS = [1, 2, 2.5, 5, 10];
const MOST_INTERVALS = 5;

/** Round ticks from 0 that reach to `value` at least, in at most five intervals. */
export function niceTicks(value: number): readonly number[] {
  const highest = value > 0 ? value : 1;
  const rough = highest / MOST_INTERVALS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const spacing = (DIGITS.find(digit => digit * power >= rough * 0.999) ?? 10) * power;
  const count = Math.ceil((highest / spacing) * 0.999);
  return Array.from({ length: count + 1 }, (_, i) => Number((i * spacing).toPrecision(6)));
}

/** The highest value of a chart: its plots share one axis, so that they can be compared by eye. */
export function chartMaximum(data: RunData, chart: ChartSpec): number {
  if (chart.share) return 1;
  let highest = 0;
  for (const plot of chart.plots) {
    for (const value of data.series.column(plot.metric)) if (value > highest) highest = value;
    for (const record of data.evals) highest = Math.max(highest, plot.evaluated(record) ?? 0);
    if (data.teacher) highest = Math.max(highest, plot.evaluated(data.teacher) ?? 0);
  }
  return highest > 0 ? highest : chart.expected;
}

/** Where the student is: its last evaluation, or the end of its smoothed line where that is newer. */
export function latestValue({ evaluations, smoothed }: PlotValues): number | null {
  const evaluation = evaluations.at(-1);
  if (evaluation && evaluation.step >= (smoothed.x.at(-1) ?? 0)) return evaluation.value;
  return smoothed.y.at(-1) ?? evaluation?.value ?? null;
}
