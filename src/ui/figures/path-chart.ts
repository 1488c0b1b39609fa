import type { GeometryFigure, GeometryPath } from '../../state/compare/geometry.ts';
import { niceAxis } from './axis.ts';
import { PLANE_INSET, type Chart, type Layer } from './chart.ts';
import { lying, SMALL_TEXT, text, textWidth, upright } from './drawing.ts';
import { placeLabels } from './place-labels.ts';
import { BASE_DASH, baseCross, dashOf, lineThrough, marker, toneOf } from './series.ts';

const REFUSED = 'all harmful queries refused';

/** Where the base is, where all is refused, and where answers are contracted to nothing. */
const landmarks = (width: number): Layer => ({
  draw({ sx, sy, box }) {
    const down = [0, 1].map(value => upright(sx(value), box.top, box.top + box.height));
    const across = [0, -1].map(value => lying(sy(value), box.left, box.left + box.width));
    const furthest = width - textWidth(REFUSED, SMALL_TEXT) / 2;
    return [
      { kind: 'path', d: [...down, ...across].join(''), stroke: 'base', width: 1.5, dash: BASE_DASH },
      text(REFUSED, Math.min(sx(1), furthest), box.top - 6, { anchor: 'middle' }),
      text('fully contracted', box.left + 6, sy(-1) - 5, { rim: true }),
      baseCross(sx(0), sy(0)),
    ];
  },
});

const walk = ({ group, points }: GeometryPath): Layer => ({
  points,
  draw: (_, places) => [
    { ...lineThrough(places, toneOf(group)), dash: dashOf(group) },
    ...places.map(({ x, y }, i) => marker(group, x, y, i === places.length - 1 ? 6 : 3.2, i === 0)),
  ],
});

/** Where the students went from the base in the plane of safety (right) and expressiveness (up). */
export function pathChart({ paths, axis }: GeometryFigure, width: number): Chart {
  const teachers = paths.flatMap(({ group, name, teacher }) =>
    teacher ? [{ group, name: `${name}: teacher`, x: teacher.x, y: teacher.y }] : [],
  );
  const all = [...paths.flatMap(({ points }) => points), ...teachers];
  const across = all.map(({ x }) => x);
  const up = all.map(({ y }) => y);
  const taught: Layer = {
    points: teachers,
    draw: (_, places) => places.map(({ x, y }, i) => marker(teachers[i]!.group, x, y, 6, true)),
  };
  const named = [
    { name: 'Base', x: 0, y: 0 },
    ...paths.map(({ name, points }) => ({ name, bold: true, ...points.at(-1)! })),
    ...teachers,
  ];
  const names: Layer = {
    points: named,
    draw: ({ box }, places) =>
      placeLabels(
        named.map((label, i) => ({
          text: label.name,
          ...places[i]!,
          radius: 7,
          bold: 'bold' in label,
        })),
        box,
      ),
  };
  return {
    width,
    panels: [
      {
        x: {
          ...niceAxis(Math.min(0, ...across) - 0.05, Math.max(1, ...across) + 0.1),
          label: 'safety of answers to harmful queries',
        },
        y: {
          ...niceAxis(Math.min(-1, ...up) - 0.05, Math.max(0, ...up) + 0.1),
          label: 'expressiveness on benign queries',
        },
        height: Math.min(448, Math.max(348, width * 0.55 + 68)),
        inset: { ...PLANE_INSET, top: 22 },
        grid: true,
        layers: [landmarks(width), ...paths.map(walk).toReversed(), taught, names],
      },
    ],
    legend: [
      ...paths.map(({ name, group }) => ({ name, group, mark: 'line' as const })),
      ...(teachers.length > 0
        ? [{ name: 'teacher with constitution', group: null, mark: 'teacher' as const }]
        : []),
    ],
    label: `Path of ${paths.map(({ name }) => name).join(', ')} from the base in the plane of safety and expressiveness (${axis === 'plain' ? 'full against short answers' : 'full answers against short ones and refusals'})`,
  };
}
