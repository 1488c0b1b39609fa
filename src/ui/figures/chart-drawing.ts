import type { RunData } from '../../record/run-data.ts';
import { chartAxis } from '../charts/chart-axis.ts';
import type { ChartSpec, PlotSpec } from '../charts/chart-specs.ts';
import { bandPath, diamondsPath, levelPath, linePath, whiskersPath } from '../charts/plot-paths.ts';
import { plotValues, type PlotValues } from '../charts/plot-values.ts';
import { circle, type Drawing, type Shape } from './drawing.ts';
import { frame, type Box } from './frame.ts';
import { niceDomain, type Domain, type Scale } from './scale.ts';
import { BASE_DASH } from './series.ts';

const PANEL_HEIGHT = 250;
const INSET = { left: 40, right: 14, top: 34, bottom: 44 };
const TEACHER_DASH = '6 4';

/** The marks of one plot, as the page has them: the student in the first colour, the teacher in the second, the base grey. */
function marks(values: PlotValues, { left, width }: Box, sx: Scale, sy: Scale): Shape[] {
  const { raw, smoothed, base, teacher } = values;
  const level = (value: number): string => levelPath(value, { x: left, width }, sy);
  const lines: Shape[] = [
    { kind: 'path', d: bandPath(values, sx, sy), fill: 'series-0', fillOpacity: 0.12 },
    ...(base === null
      ? []
      : [{ kind: 'path', d: level(base), stroke: 'base', width: 2, dash: BASE_DASH } as const]),
    ...(teacher === null
      ? []
      : [{ kind: 'path', d: level(teacher), stroke: 'series-1', width: 2, dash: TEACHER_DASH } as const]),
    {
      kind: 'path',
      fill: 'series-0',
      fillOpacity: 0.35,
      d: raw.x.map((step, i) => circle(sx(step), sy(raw.y[i] ?? 0), 1.6)).join(''),
    },
    { kind: 'path', d: linePath(smoothed, sx, sy), stroke: 'series-0', width: 2 },
    { kind: 'path', d: whiskersPath(values, sx, sy), stroke: 'series-0', width: 1.4 },
    {
      kind: 'path',
      fill: 'series-0',
      stroke: 'ground',
      width: 1,
      d: diamondsPath(values, sx, sy),
    },
  ];
  return lines.filter(shape => shape.kind !== 'path' || shape.d !== '');
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
