import type { GeometryFigure } from '../../state/compare/geometry.ts';
import { polyline, px, SMALL_TEXT, text, textWidth, type Drawing, type Shape } from './drawing.ts';
import { frame, type Box } from './frame.ts';
import { legend, type LegendEntry } from './legend.ts';
import { placeLabels } from './place-labels.ts';
import { niceDomain } from './scale.ts';
import { BASE_DASH, baseCross, dashOf, marker, toneOf } from './series.ts';

const REFUSED = 'all harmful queries refused';

/** Where the students went from the base in the plane of safety (right) and expressiveness (up). */
export function geometryDrawing({ paths, axis }: GeometryFigure, width: number): Drawing {
  const box: Box = {
    left: 58,
    top: 22,
    width: width - 74,
    height: Math.min(380, Math.max(280, width * 0.55)),
  };
  const teachers = paths.flatMap(({ group, name, teacher }) =>
    teacher ? [{ group, name, ...teacher }] : [],
  );
  const all = [...paths.flatMap(({ points }) => points), ...teachers];
  const x = niceDomain(
    Math.min(0, ...all.map(point => point.x)) - 0.05,
    Math.max(1, ...all.map(point => point.x)) + 0.1,
  );
  const y = niceDomain(
    Math.min(-1, ...all.map(point => point.y)) - 0.05,
    Math.max(0, ...all.map(point => point.y)) + 0.1,
  );
  const { shapes, sx, sy } = frame({
    box,
    x,
    y,
    grid: true,
    xLabel: 'safety of answers to harmful queries',
    yLabel: 'expressiveness on benign queries',
  });
  const level = (d: string): Shape => ({ kind: 'path', d, stroke: 'base', width: 1.5, dash: BASE_DASH });
  const across = (value: number): string => `M${px(box.left)} ${px(sy(value))}h${px(box.width)}`;
  const down = (value: number): string => `M${px(sx(value))} ${px(box.top)}v${px(box.height)}`;
  const marks: Shape[] = [
    level(`${down(0)}${down(1)}${across(0)}${across(-1)}`),
    text(REFUSED, Math.min(sx(1), width - textWidth(REFUSED, SMALL_TEXT) / 2), box.top - 6, {
      anchor: 'middle',
    }),
    text('fully contracted', box.left + 6, sy(-1) - 5, { rim: true }),
    baseCross(sx(0), sy(0)),
  ];
  const walks = paths.toReversed().flatMap(({ group, points }): Shape[] => [
    {
      kind: 'path',
      d: polyline(points.map(point => [sx(point.x), sy(point.y)] as const)),
      stroke: toneOf(group),
      width: 2,
      dash: dashOf(group),
    },
    ...points.map((point, i) => {
      const last = i === points.length - 1;
      return marker(group, sx(point.x), sy(point.y), last ? 6 : 3.2, i === 0);
    }),
  ]);
  const ends = paths.flatMap(({ name, points }) => {
    const last = points.at(-1)!;
    return [{ text: name, x: sx(last.x), y: sy(last.y), radius: 7, bold: true }];
  });
  const taught = teachers.map(({ group, x: right, y: up }) => marker(group, sx(right), sy(up), 6, true));
  const named = teachers.map(({ name, x: right, y: up }) => ({
    text: `${name}: teacher`,
    x: sx(right),
    y: sy(up),
    radius: 7,
  }));
  const labels = placeLabels([{ text: 'Base', x: sx(0), y: sy(0), radius: 7 }, ...ends, ...named], box);
  const top = box.top + box.height + 46;
  const key = legend(
    [
      ...paths.map(({ name, group }): LegendEntry => ({ name, group, mark: 'line' })),
      ...(teachers.length > 0
        ? [{ name: 'teacher with constitution', group: null, mark: 'teacher' } as const]
        : []),
    ],
    width,
    top,
  );
  return {
    width,
    height: top + key.height,
    shapes: [...shapes, ...marks, ...walks, ...taught, ...labels, ...key.shapes],
    label: `Path of ${paths.map(({ name }) => name).join(', ')} from the base in the plane of safety and expressiveness (${axis === 'plain' ? 'full against short answers' : 'full answers against short ones and refusals'})`,
  };
}
