import type {
  DynamicsFigure,
  DynamicsPanel,
  DynamicsPoint,
  ProgressAxis,
} from '../../state/compare/dynamics.ts';
import { niceAxis, type Axis } from './axis.ts';
import { columnsIn, ROW_INSET, type Chart, type Layer, type Panel } from './chart.ts';
import { polyline } from './drawing.ts';
import { dashOf, level, lineThrough, marker, toneOf } from './series.ts';

const PANEL_HEIGHT = 210;
const MOST_MARKERS = 7;
const AXIS_LABELS: Record<ProgressAxis, string> = {
  steps: 'optimiser steps',
  tokens: 'response tokens trained on',
  seconds: 'seconds of training',
};

/** From the lowest to the highest seed. */
const band = (points: readonly DynamicsPoint[], group: number): Layer => ({
  points: points.map(({ x, mean: y }) => ({ x, y })),
  draw({ sy }, places) {
    const edge = (end: 'low' | 'high') => places.map(({ x }, i) => [x, sy(points[i]![end])] as const);
    const d = polyline([...edge('high'), ...edge('low').reverse()], true);
    return [{ kind: 'path', d, fill: toneOf(group), fillOpacity: 0.16 }];
  },
});

/** A group's mean, with a marker every few points, the last among them. */
const mean = (points: readonly DynamicsPoint[], group: number): Layer => ({
  points: points.map(({ x, mean: y }) => ({ x, y })),
  draw(_, places) {
    const every = Math.max(1, Math.ceil(places.length / MOST_MARKERS));
    const marked = places.filter((_place, i) => (places.length - 1 - i) % every === 0);
    return [
      { ...lineThrough(places, toneOf(group)), dash: dashOf(group) },
      ...marked.map(({ x, y }) => marker(group, x, y, 3.6)),
    ];
  },
});

function panelOf({ measure, base, lines }: DynamicsPanel, x: Axis): Panel {
  const highest = Math.max(base ?? 0, ...lines.flat().map(({ high }) => high));
  const bands = lines.flatMap((points, group) =>
    points.some(({ seeds }) => seeds > 1) ? [band(points, group)] : [],
  );
  return {
    title: measure.label,
    unit: measure.unit,
    x,
    y: niceAxis(0, measure.share ? 1 : highest, 4),
    height: PANEL_HEIGHT,
    inset: ROW_INSET,
    // The first group lies on top.
    layers: [...bands, level('base', base, 'base'), ...lines.map(mean).toReversed()],
  };
}

/** Small multiples, one a measure, on one axis of progress. */
export function dynamicsChart({ panels, labels, axis }: DynamicsFigure, width: number): Chart {
  const columns = columnsIn(width);
  const furthest = Math.max(0, ...panels.flatMap(({ lines }) => lines.flat().map(({ x }) => x)));
  const x = {
    ...niceAxis(0, furthest > 0 ? furthest : 1, width / columns < 100 ? 3 : 4),
    label: AXIS_LABELS[axis],
  };
  return {
    width,
    columns,
    panels: panels.map(panel => panelOf(panel, x)),
    legend: [
      ...labels.map((name, group) => ({ name, group, mark: 'line' as const })),
      { name: 'Base', group: null, mark: 'line' },
    ],
    label: `Training dynamics of ${labels.join(', ')} over ${AXIS_LABELS[axis]}: ${panels.map(({ measure }) => measure.label.toLowerCase()).join('; ')}`,
  };
}
