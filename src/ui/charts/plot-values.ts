import type { EvaluationRecord } from '../../record/run-record.ts';
import { binMinMax, type BinnedPoints } from '../../state/charts/binning.ts';
import { smooth } from '../../state/charts/smoothing.ts';
import type { RunData } from '../../record/run-data.ts';
import type { ChartSpec, PlotSpec } from './chart-specs.ts';

/** Most points drawn of a line: more cost time and show nothing new. */
const DRAWN_POINTS = 300;

export interface EvaluationPoint {
  readonly step: number;
  readonly value: number;
  /** 95 % interval, where the figure has one. */
  readonly interval: readonly [low: number, high: number] | null;
}

/** All that a plot draws, in the figure's own unit. */
export interface PlotValues {
  readonly raw: BinnedPoints;
  /** Of a figure that steps do not have: its evaluations. */
  readonly smoothed: BinnedPoints;
  /** The same object until another evaluation comes. */
  readonly evaluations: readonly EvaluationPoint[];
  readonly base: number | null;
  readonly teacher: number | null;
}

const NO_POINTS: BinnedPoints = { x: [], y: [] };

interface Evaluated {
  readonly points: readonly EvaluationPoint[];
  readonly line: BinnedPoints;
}
const evaluated = new WeakMap<readonly EvaluationRecord[], Map<PlotSpec, Evaluated>>();

function evaluatedOf(records: readonly EvaluationRecord[], plot: PlotSpec): Evaluated {
  const known = evaluated.get(records) ?? new Map<PlotSpec, Evaluated>();
  evaluated.set(records, known);
  const found = known.get(plot);
  if (found) return found;
  const points = records.flatMap(record => {
    const value = plot.evaluated?.(record) ?? null;
    return value === null ? [] : [{ step: record.step, value, interval: plot.interval?.(record) ?? null }];
  });
  const made = { points, line: { x: points.map(({ step }) => step), y: points.map(({ value }) => value) } };
  known.set(plot, made);
  return made;
}

export function plotValues(data: RunData, plot: PlotSpec, smoothing: number): PlotValues {
  const { points, line } = evaluatedOf(data.evals, plot);
  const x = data.series.steps;
  const y = plot.metric && data.series.column(plot.metric);
  return {
    raw: y ? binMinMax({ x, y }, DRAWN_POINTS) : NO_POINTS,
    smoothed: y ? binMinMax({ x, y: smooth(y, smoothing) }, DRAWN_POINTS) : line,
    evaluations: points,
    base: data.base && (plot.evaluated?.(data.base) ?? null),
    teacher: plot.teacherLevel ?? (data.teacher && (plot.evaluated?.(data.teacher) ?? null)),
  };
}

/** Where the student is: its last evaluation, or the end of its smoothed line where that is newer. */
export function latestValue({ evaluations, smoothed }: PlotValues): number | null {
  const evaluation = evaluations.at(-1);
  if (evaluation && evaluation.step >= (smoothed.x.at(-1) ?? 0)) return evaluation.value;
  return smoothed.y.at(-1) ?? evaluation?.value ?? null;
}

/** What a plot shows at a step. */
export interface ValuesAt {
  readonly step: number;
  readonly smoothed: number | null;
  readonly raw: number | null;
  readonly evaluation: number | null;
  readonly interval: readonly [low: number, high: number] | null;
}

function valueAt(points: BinnedPoints, step: number): number | null {
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

/** The chart in one sentence, for screen readers. */
export function describeAt(
  { format }: ChartSpec,
  { step, smoothed, raw, evaluation, interval }: ValuesAt,
): string {
  const parts: string[] = [];
  if (raw !== null) parts.push(`rollouts ${format(raw)}, smoothed ${format(smoothed ?? raw)}`);
  if (evaluation !== null) parts.push(`evaluation ${format(evaluation)}`);
  if (interval) parts.push(`between ${format(interval[0])} and ${format(interval[1])}`);
  return `step ${step}: ${parts.length > 0 ? parts.join(', ') : 'nothing measured yet'}`;
}
