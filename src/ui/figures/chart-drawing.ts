import type { RunData } from '../../state/run-data.ts';
import { chartAxis } from '../charts/chart-axis.ts';
import type { ChartSpec, PlotSpec } from '../charts/chart-specs.ts';
import { plotValues, type PlotValues } from '../charts/plot-values.ts';
import { circle, polyline, px, type Drawing, type Shape } from './drawing.ts';
import { frame, type Box } from './frame.ts';
import { niceDomain, type Domain } from './scale.ts';
import { BASE_DASH } from './series.ts';

const PANEL_HEIGHT = 250;
const INSET = { left: 40, right: 14, top: 34, bottom: 44 };
const TEACHER_DASH = '6 4';
const DIAMOND = 4;

const diamonds = (points: readonly (readonly [number, number])[]): string =>
  points
    .map(
      ([x, y]) =>
        `M${px(x)} ${px(y - DIAMOND)}l${DIAMOND} ${DIAMOND}l-${DIAMOND} ${DIAMOND}l-${DIAMOND} -${DIAMOND}Z`,
    )
    .join('');

/** The marks of one plot, as the page has them: the student in the first colour, the teacher in the second, the base grey. */
function marks(
  { raw, smoothed, evaluations, base, teacher }: PlotValues,
  { left, width }: Box,
  sx: (value: number) => number,
  sy: (value: number) => number,
): Shape[] {
  const level = (value: number): string => `M${px(left)} ${px(sy(value))}h${px(width)}`;
  const known = evaluations.flatMap(({ step, interval }) => (interval ? [{ step, interval }] : []));
  const upper = known.map(({ step, interval }) => [sx(step), sy(interval[1])] as const);
  const lower = known.map(({ step, interval }) => [sx(step), sy(interval[0])] as const).reverse();
  const whiskers = known
    .map(({ step, interval }) => `M${px(sx(step))} ${px(sy(interval[0]))}V${px(sy(interval[1]))}`)
    .join('');
  const at = ({ x, y }: PlotValues['raw']): (readonly [number, number])[] =>
    x.map((step, i) => [sx(step), sy(y[i] ?? 0)] as const);
  const line: Shape[] = [
    { kind: 'path', d: polyline([...upper, ...lower], true), fill: 'series-0', fillOpacity: 0.12 },
    ...(base === null
      ? []
      : [{ kind: 'path', d: level(base), stroke: 'base', width: 2, dash: BASE_DASH } as const]),
    ...(teacher === null
      ? []
      : [{ kind: 'path', d: level(teacher), stroke: 'series-1', width: 2, dash: TEACHER_DASH } as const]),
    {
      ...{ kind: 'path', fill: 'series-0', fillOpacity: 0.35 },
      d: at(raw)
        .map(([x, y]) => circle(x, y, 1.6))
        .join(''),
    },
    { kind: 'path', d: polyline(at(smoothed)), stroke: 'series-0', width: 2 },
    { kind: 'path', d: whiskers, stroke: 'series-0', width: 1.4 },
    {
      kind: 'path',
      d: diamonds(evaluations.map(({ step, value }) => [sx(step), sy(value)] as const)),
      ...{ fill: 'series-0', stroke: 'ground', width: 1 },
    },
  ];
  return line.filter(shape => shape.kind !== 'path' || shape.d !== '');
}

/**
 * A chart of the page in plain shapes, for files that are written without one: its plots side by side on one scale.
 * @param smoothing weight of the past in the smoothed line
 * @param steps the end of the axis
 */
export function chartDrawing(
  data: RunData,
  chart: ChartSpec,
  { smoothing, steps, width }: { readonly smoothing: number; readonly steps: number; readonly width: number },
): Drawing {
  // Shares are drawn in per cent, as their unit says.
  const scale = chart.share ? 100 : 1;
  const axis = chartAxis(data, chart, false);
  const y: Domain = {
    low: axis.low * scale,
    high: axis.high * scale,
    ticks: axis.ticks.map(tick => Number((tick * scale).toPrecision(6))),
  };
  const round = niceDomain(0, steps, 4);
  const x: Domain = { low: 0, high: steps, ticks: round.ticks.filter(tick => tick <= steps) };
  const cell = width / chart.plots.length;
  const shapes = chart.plots.flatMap((plot: PlotSpec, i): readonly Shape[] => {
    const box: Box = {
      left: i * cell + INSET.left,
      top: INSET.top,
      width: cell - INSET.left - INSET.right,
      height: PANEL_HEIGHT - INSET.top - INSET.bottom,
    };
    const drawn = frame({ box, x, y, title: plot.title, xLabel: 'optimiser steps' });
    return [
      ...drawn.shapes,
      ...marks(plotValues(data, plot, smoothing), box, drawn.sx, value => drawn.sy(value * scale)),
    ];
  });
  const label = `${chart.title} over the steps of the run: ${chart.plots.map(({ title }) => title.toLowerCase()).join(', ')}`;
  return { width, height: PANEL_HEIGHT, shapes, label };
}
