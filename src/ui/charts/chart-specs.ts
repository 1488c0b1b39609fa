import type { Interval } from '../../contract/interval.ts';
import { CHART, type Chart, type PlotPlace } from '../../record/charts.ts';
import { EVALUATION_FIGURES, intervalOf } from '../../record/evaluation-record.ts';
import type { EvaluationRecord } from '../../record/run-record.ts';
import { STEP_COLUMNS, type Metric } from '../../record/step-record.ts';

/** One plot of a chart: a figure of the rollouts over the steps, and the same figure in held-out evaluations, or one of the two. */
export interface PlotSpec {
  readonly id: string;
  readonly title: string;
  /** What the step's raw points show; null where only evaluations have the figure. */
  readonly metric: Metric | null;
  /** The figure in an evaluation, null where it could not be had; null where only steps have it. */
  readonly evaluated: ((record: EvaluationRecord) => number | null) | null;
  /** 95 % interval of the figure in an evaluation; absent where a figure has none. */
  interval?(record: EvaluationRecord): Interval | null;
  /** The teacher's level, where it is not simply its evaluation. */
  readonly teacherLevel?: number;
}

export interface ChartSpec extends Chart {
  readonly plots: readonly PlotSpec[];
}

/** What the figures of steps and evaluations say of where they are drawn, gathered by plot. */
function plotsOf(chart: Chart): readonly PlotSpec[] {
  const plots = new Map<string, PlotSpec>();
  const add = (plot: PlotPlace | undefined, drawn: Partial<PlotSpec>): void => {
    if (plot?.chart !== chart) return;
    const { id, title, teacherLevel } = plot;
    const level = teacherLevel === undefined ? {} : { teacherLevel };
    plots.set(id, { id, title, metric: null, evaluated: null, ...level, ...plots.get(id), ...drawn });
  };
  for (const { metric, plot } of STEP_COLUMNS) add(plot, { metric });
  for (const figure of EVALUATION_FIGURES)
    add(figure.plot, {
      evaluated: figure.value,
      ...(figure.spread && { interval: record => intervalOf(figure, record) }),
    });
  return [...plots.values()];
}

/** Every chart that a figure names, in the order of `CHART`; one that only a figure knows comes last. */
const ALL: readonly ChartSpec[] = [
  ...new Set<Chart>([
    ...Object.values(CHART),
    ...[...STEP_COLUMNS, ...EVALUATION_FIGURES].flatMap(({ plot }) => plot?.chart ?? []),
  ]),
].map(chart => ({ ...chart, plots: plotsOf(chart) }));

export const CHARTS = ALL.filter(({ folded }) => !folded);
/** Figures that a first look does without. */
export const MORE_CHARTS = ALL.filter(({ folded }) => folded);
