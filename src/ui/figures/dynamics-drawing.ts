import type {
  DynamicsFigure,
  DynamicsPanel,
  DynamicsPoint,
  ProgressAxis,
} from '../../state/compare/dynamics.ts';
import { polyline, px, type Drawing, type Shape } from './drawing.ts';
import { frame, panelGrid, type Box } from './frame.ts';
import { legend } from './legend.ts';
import { niceDomain, type Domain } from './scale.ts';
import { BASE_DASH, dashOf, marker, toneOf } from './series.ts';

const PANEL_HEIGHT = 210;
const MOST_MARKERS = 7;
const AXIS_LABELS: Record<ProgressAxis, string> = {
  steps: 'optimiser steps',
  tokens: 'response tokens trained on',
  seconds: 'seconds of training',
};

/** Every few points of a line, its last among them. */
const spaced = (points: readonly DynamicsPoint[]): readonly DynamicsPoint[] => {
  const every = Math.max(1, Math.ceil(points.length / MOST_MARKERS));
  return points.filter((_, i) => (points.length - 1 - i) % every === 0);
};

function panelShapes({ measure, base, lines }: DynamicsPanel, box: Box, x: Domain, xLabel: string): Shape[] {
  const highest = Math.max(base ?? 0, ...lines.flat().map(({ high }) => high));
  const y = measure.share ? niceDomain(0, 1, 4) : niceDomain(0, highest, 4);
  const { shapes, sx, sy } = frame({ box, x, y, title: measure.label, unit: measure.unit, xLabel });
  const bands = lines.flatMap((points, group): Shape[] => {
    if (!points.some(({ seeds }) => seeds > 1)) return [];
    const upper = points.map(({ x: at, high }) => [sx(at), sy(high)] as const);
    const lower = points.map(({ x: at, low }) => [sx(at), sy(low)] as const).reverse();
    return [
      { kind: 'path', d: polyline([...upper, ...lower], true), fill: toneOf(group), fillOpacity: 0.16 },
    ];
  });
  const means = lines.map((points, group): Shape[] => [
    {
      kind: 'path',
      d: polyline(points.map(({ x: at, mean }) => [sx(at), sy(mean)] as const)),
      stroke: toneOf(group),
      width: 2,
      dash: dashOf(group),
    },
    ...spaced(points).map(({ x: at, mean }) => marker(group, sx(at), sy(mean), 3.6)),
  ]);
  const level: Shape[] =
    base === null
      ? []
      : [
          {
            kind: 'path',
            d: `M${px(box.left)} ${px(sy(base))}h${px(box.width)}`,
            stroke: 'base',
            width: 2,
            dash: BASE_DASH,
          },
        ];
  // The first group lies on top.
  return [...shapes, ...bands, ...level, ...means.toReversed().flat()];
}

/** Small multiples, one a measure, on one axis of progress. */
export function dynamicsDrawing(figure: DynamicsFigure, width: number): Drawing {
  const { panels, labels, axis } = figure;
  const { boxes, height } = panelGrid(panels.length, width, PANEL_HEIGHT);
  const furthest = Math.max(0, ...panels.flatMap(({ lines }) => lines.flat().map(({ x }) => x)));
  const x = niceDomain(0, furthest > 0 ? furthest : 1, width / boxes.length < 100 ? 3 : 4);
  const key = legend(
    [
      ...labels.map((name, group) => ({ name, group, mark: 'line' as const })),
      { name: 'Base', group: null, mark: 'line' },
    ],
    width,
    height,
  );
  return {
    width,
    height: height + key.height,
    shapes: [
      ...panels.flatMap((panel, i) => panelShapes(panel, boxes[i]!, x, AXIS_LABELS[axis])),
      ...key.shapes,
    ],
    label: `Training dynamics of ${labels.join(', ')} over ${AXIS_LABELS[axis]}: ${panels.map(({ measure }) => measure.label.toLowerCase()).join('; ')}`,
  };
}
