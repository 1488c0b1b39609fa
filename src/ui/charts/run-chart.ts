import type { RunData } from '../../record/run-data.ts';
import type { BinnedPoints } from '../../state/charts/binning.ts';
import { logAxis, niceAxis, stepAxis, tickText, type Axis } from '../figures/axis.ts';
import type { Chart, Layer, Panel } from '../figures/chart.ts';
import { polyline, px, upright, type Point } from '../figures/drawing.ts';
import { diamond, level, lineThrough } from '../figures/series.ts';
import type { ChartSpec, PlotSpec } from './chart-specs.ts';
import { plotValues, type PlotValues } from './plot-values.ts';

/** The student is blue everywhere, the teacher orange. */
const [STUDENT, TEACHER] = ['series-0', 'series-1'] as const;
const TEACHER_DASH = '8 4';

/** On the page, where words stand above the plot; the crosshair on top of it goes by this. */
export const PLOT_HEIGHT = 168;
export const PLOT_INSET = { left: 38, right: 10, top: 8, bottom: 22 } as const;
/** In files. */
const FILE_HEIGHT = 250;
const FILE_INSET = { left: 40, right: 14, top: 34, bottom: 44 } as const;

/** Every figure of a chart, whoever's it is. */
function* figures(data: RunData, chart: ChartSpec): Generator<number> {
  for (const { metric, evaluated, interval, teacherLevel } of chart.plots) {
    if (metric) yield* data.series.column(metric);
    for (const record of data.evals) {
      yield evaluated?.(record) ?? NaN;
      yield* interval?.(record) ?? [];
    }
    if (data.teacher) yield teacherLevel ?? evaluated?.(data.teacher) ?? NaN;
  }
}

/**
 * The axis that all plots of a chart share, so that they can be compared by eye: it takes in every figure, and 0. On a logarithmic
 * one what is not above 0 has no place.
 */
export function figureAxis(data: RunData, chart: ChartSpec, log: boolean): Axis {
  const { share, expected } = chart;
  let [lowest, highest] = [Infinity, -Infinity];
  if (!share)
    for (const value of figures(data, chart)) {
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  const empty = lowest > highest;
  if (log) return empty ? logAxis(expected / 10, expected) : logAxis(lowest, highest);
  const axis = niceAxis(Math.min(0, lowest), empty || highest <= 0 ? expected : highest);
  return { ...axis, format: value => (share ? String(Math.round(value * 100)) : tickText(value)) };
}

const pointsOf = ({ x, y }: BinnedPoints, log: boolean): readonly { x: number; y: number }[] =>
  x.flatMap((step, i) => (log && y[i]! <= 0 ? [] : [{ x: step, y: y[i]! }]));

/** What comes with every step; the line of a figure that only evaluations have comes with these. */
export const stepLayers = ({ raw, smoothed }: PlotValues, log: boolean): readonly Layer[] => [
  {
    name: 'raw',
    live: true,
    points: pointsOf(raw, log),
    draw: (_, places) => [
      {
        kind: 'path',
        d: places.map(({ x, y }) => `M${px(x)} ${px(y)}h0`).join(''),
        stroke: STUDENT,
        width: 3.5,
        strokeOpacity: 0.34,
        round: true,
      },
    ],
  },
  {
    name: 'smoothed',
    live: raw.x.length > 0,
    points: pointsOf(smoothed, log),
    draw: (_, places) => [lineThrough(places, STUDENT)],
  },
];

/** What evaluations show, below the steps' figures and above. */
export function evaluationLayers(
  { evaluations, base, teacher }: Pick<PlotValues, 'evaluations' | 'base' | 'teacher'>,
  log: boolean,
): Readonly<Record<'below' | 'above', readonly Layer[]>> {
  const placed = evaluations
    .filter(({ value }) => !log || value > 0)
    .map(({ step, value }) => ({ x: step, y: value }));
  const ranges = evaluations.flatMap(({ step, interval }) =>
    interval && (!log || interval[0] > 0) ? [{ step, low: interval[0], high: interval[1] }] : [],
  );
  const band: Layer = {
    draw({ sx, sy }) {
      const edge = (end: 'low' | 'high'): Point[] => ranges.map(range => [sx(range.step), sy(range[end])]);
      const d = polyline([...edge('high'), ...edge('low').reverse()], true);
      return [{ kind: 'path', d, fill: STUDENT, fillOpacity: 0.13 }];
    },
  };
  const whiskers: Layer = {
    draw({ sx, sy }) {
      const d = ranges.map(({ step, low, high }) => upright(sx(step), sy(low), sy(high))).join('');
      return [{ kind: 'path', d, stroke: STUDENT, width: 1, strokeOpacity: 0.7 }];
    },
  };
  const diamonds: Layer = {
    name: 'evaluation',
    points: placed,
    draw: (_, places) => [
      {
        kind: 'path',
        d: places.map(({ x, y }) => diamond(x, y, 4)).join(''),
        fill: STUDENT,
        stroke: 'ground',
        width: 1.5,
      },
    ],
  };
  return {
    below: [band, level('base', base, 'base'), level('teacher', teacher, TEACHER, TEACHER_DASH)],
    above: [whiskers, diamonds],
  };
}

/** Below this width a plot has room for few ticks. */
const NARROW = 260;

/** The axis of a run of `steps` steps on the page, in a plot of that width. */
export const runAxis = (steps: number, width: number): Axis => ({
  ...stepAxis(steps, width < NARROW ? 3 : 5),
  format: step => (step === 0 ? 'step 0' : tickText(step)),
});

export interface RunChartOptions {
  /** Weight of the past in the smoothed line. */
  readonly smoothing: number;
  /** The end of the axis. */
  readonly steps: number;
  readonly log?: boolean;
}

/** A chart as it goes into files: its plots side by side on one scale. */
export function runChart(
  data: RunData,
  chart: ChartSpec,
  { smoothing, steps, log = false }: RunChartOptions,
  width: number,
): Chart {
  const y = figureAxis(data, chart, log);
  const panelOf = (plot: PlotSpec): Panel => {
    const values = plotValues(data, plot, smoothing);
    const { below, above } = evaluationLayers(values, log);
    return {
      title: plot.title,
      x: { ...stepAxis(steps, 4), label: 'optimiser steps' },
      y,
      height: FILE_HEIGHT,
      inset: FILE_INSET,
      layers: [...below, ...stepLayers(values, log), ...above],
    };
  };
  return {
    width,
    columns: chart.plots.length,
    panels: chart.plots.map(panelOf),
    label: `${chart.title} over the steps of the run: ${chart.plots.map(({ title }) => title.toLowerCase()).join(', ')}`,
  };
}
