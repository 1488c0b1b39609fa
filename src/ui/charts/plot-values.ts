import { binMinMax, type BinnedPoints } from '../../state/charts/binning.ts';
import type { RunData } from '../../record/run-data.ts';
import { smooth } from '../../state/charts/smoothing.ts';
import type { PlotSpec } from './chart-specs.ts';

/** Points of a line that are drawn at most: more cost time and show nothing new. */
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
  readonly smoothed: BinnedPoints;
  readonly evaluations: readonly EvaluationPoint[];
  readonly base: number | null;
  readonly teacher: number | null;
}

/** The evaluations of a plot, as a line that has no steps of its own draws them. */
function evaluationLine(points: readonly EvaluationPoint[]): BinnedPoints {
  return { x: points.map(({ step }) => step), y: points.map(({ value }) => value) };
}

const NO_POINTS: BinnedPoints = { x: [], y: [] };

export function plotValues(data: RunData, plot: PlotSpec, smoothing: number): PlotValues {
  const { metric, evaluated } = plot;
  const evaluations = (evaluated ? data.evals : []).flatMap(record => {
    const value = evaluated?.(record) ?? null;
    return value === null ? [] : [{ step: record.step, value, interval: plot.interval?.(record) ?? null }];
  });
  const x = data.series.steps;
  const y = metric && data.series.column(metric);
  return {
    raw: y ? binMinMax({ x, y }, DRAWN_POINTS) : NO_POINTS,
    smoothed: y ? binMinMax({ x, y: smooth(y, smoothing) }, DRAWN_POINTS) : evaluationLine(evaluations),
    evaluations,
    base: data.base && (evaluated?.(data.base) ?? null),
    teacher: plot.teacherLevel ?? (data.teacher && (evaluated?.(data.teacher) ?? null)),
  };
}

/** Where the student is: its last evaluation, or the end of its smoothed line where that is newer. */
export function latestValue({ evaluations, smoothed }: PlotValues): number | null {
  const evaluation = evaluations.at(-1);
  if (evaluation && evaluation.step >= (smoothed.x.at(-1) ?? 0)) return evaluation.value;
  return smoothed.y.at(-1) ?? evaluation?.value ?? null;
}
