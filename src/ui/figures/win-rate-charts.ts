import type { ParetoPoint } from '../../state/compare/pareto.ts';
import type { RunPareto, RunParetoPoint } from '../../state/charts/run-pareto.ts';
import { niceAxis, type Axis } from './axis.ts';
import { PLANE_INSET, type Box, type Chart, type Layer, type Panel, type Scales } from './chart.ts';
import { circle, lying, text, upright, type Shape } from './drawing.ts';
import { placeLabels } from './place-labels.ts';
import { BASE_DASH, baseCross, lineThrough, marker, toneOf } from './series.ts';

const [STUDENT, TEACHER] = [0, 1] as const;
/** Radii of bubbles: the largest stands for a diversity of 1. */
const LARGEST = 26;
const SMALLEST = 5;
/** Below this width bubbles are labelled with their diversity only. */
const NARROW = 480;

type Spread = Pick<RunParetoPoint, 'x' | 'y' | 'xRange' | 'yRange'>;

/** A bubble's area goes with diversity. */
const radiusOf = (diversity: number | null): number =>
  Math.max(SMALLEST, LARGEST * Math.sqrt(Math.max(0, diversity ?? 0)));

const whiskers = ({ x, y, xRange, yRange }: Spread, { sx, sy }: Scales): string =>
  (xRange ? lying(sy(y), sx(xRange[0]), sx(xRange[1])) : '') +
  (yRange ? upright(sx(x), sy(yRange[0]), sy(yRange[1])) : '');

/** Room that whiskers take, so that no name stands on them. */
function whiskerBoxes({ x, y, xRange, yRange }: Spread, { sx, sy }: Scales): readonly Box[] {
  const boxes: Box[] = [];
  if (xRange)
    boxes.push({ left: sx(xRange[0]), top: sy(y) - 3, width: sx(xRange[1]) - sx(xRange[0]), height: 6 });
  if (yRange)
    boxes.push({ left: sx(x) - 3, top: sy(yRange[1]), width: 6, height: sy(yRange[0]) - sy(yRange[1]) });
  return boxes;
}

/** Where the base ties with itself: at one half each. */
const halves: Layer = {
  draw: ({ sx, sy, box }) => [
    {
      kind: 'path',
      d: upright(sx(0.5), box.top, box.top + box.height) + lying(sy(0.5), box.left, box.left + box.width),
      stroke: 'base',
      width: 1.5,
      dash: BASE_DASH,
    },
  ],
};

/** The plane of helpfulness (right) and safety (up) with what `points` come to. */
function plane(points: readonly Spread[], height: number, layers: readonly Layer[]): Panel {
  const axis = (ends: readonly number[], what: string): Axis => ({
    ...niceAxis(Math.max(0, Math.min(...ends) - 0.06), Math.min(1, Math.max(...ends) + 0.06)),
    label: `${what} win rate against the base`,
  });
  return {
    x: axis(
      points.flatMap(({ x, xRange }) => [x, ...(xRange ?? [])]),
      'helpfulness',
    ),
    y: axis(
      points.flatMap(({ y, yRange }) => [y, ...(yRange ?? [])]),
      'safety',
    ),
    height,
    inset: PLANE_INSET,
    grid: true,
    layers: [halves, ...layers],
  };
}

const labelOf = (
  points: readonly { readonly name: string; readonly x: number; readonly y: number }[],
  rest = '',
): string =>
  `Helpfulness and safety win rates against the base${rest}: ${points
    .map(({ name, x, y }) => `${name} ${x.toFixed(2)} and ${y.toFixed(2)}`)
    .join('; ')}`;

function bubble(point: ParetoPoint, x: number, y: number, scales: Scales): readonly Shape[] {
  const { group, role, diversity, seeds } = point;
  const tone = group === null ? 'base' : toneOf(group);
  const hollow = role === 'teacher';
  const shapes: Shape[] = [
    {
      kind: 'path',
      d: circle(x, y, radiusOf(diversity)),
      fill: tone,
      fillOpacity: hollow ? 0 : 0.22,
      stroke: tone,
      width: 1.5,
      dash: hollow ? '4 3' : '',
    },
  ];
  if (role === 'student') shapes.push({ kind: 'path', d: whiskers(point, scales), stroke: tone, width: 1 });
  const dots = seeds.map(([across, up]) => circle(scales.sx(across), scales.sy(up), 2));
  shapes.push(
    { kind: 'path', d: dots.join(''), fill: tone },
    group === null ? baseCross(x, y) : marker(group, x, y, 5, hollow),
  );
  return shapes;
}

/** Bubbles of base, students and teachers, with what is better at the top right. */
export function paretoChart(points: readonly ParetoPoint[], width: number): Chart {
  // A teacher has its student's colour and marker, hollow: names are for the others.
  const own = points.filter(({ role }) => role !== 'teacher');
  const named = own.toReversed();
  const bubbles: Layer = {
    points,
    draw: (scales, places) => places.flatMap(({ x, y }, i) => bubble(points[i]!, x, y, scales)),
  };
  const names: Layer = {
    points: named,
    draw: (scales, places) =>
      placeLabels(
        named.map(({ name, role, diversity }, i) => ({
          text: `${width < NARROW ? '' : name} ${diversity?.toFixed(2) ?? ''}`.trim(),
          x: places[i]!.x,
          y: places[i]!.y,
          radius: radiusOf(diversity),
          bold: role === 'student',
        })),
        scales.box,
        own.flatMap(point => whiskerBoxes(point, scales)),
      ),
  };
  return {
    width,
    panels: [plane(points, Math.min(442, Math.max(342, width * 0.6 + 62)), [bubbles, names])],
    legend: own.map(({ name, group }) => ({ name, group, mark: 'marker' })),
    label: labelOf(points, ', bubbles by diversity'),
  };
}

/** One run's evaluations as bubbles along a line, from the base on; the later, the fuller. */
export function runParetoChart({ points, teacher }: RunPareto, width: number): Chart {
  const last = points.at(-1);
  const way: Layer = {
    points,
    draw: (scales, places) => [
      lineThrough(places, toneOf(STUDENT), 1.5),
      ...places.flatMap(({ x, y }, i): Shape[] => [
        {
          kind: 'path',
          d: circle(x, y, radiusOf(points[i]!.diversity)),
          fill: toneOf(STUDENT),
          fillOpacity: 0.04 + (0.22 * (i + 1)) / places.length,
          stroke: toneOf(STUDENT),
          width: 1,
        },
        marker(STUDENT, x, y, 3),
      ]),
      { kind: 'path', d: last ? whiskers(last, scales) : '', stroke: toneOf(STUDENT), width: 1 },
    ],
  };
  const taught: Layer = {
    points: teacher ? [teacher] : [],
    draw: (_, places) =>
      places.flatMap(({ x, y }) => [
        {
          kind: 'path',
          d: circle(x, y, radiusOf(teacher!.diversity)),
          stroke: toneOf(TEACHER),
          width: 1.5,
          dash: '4 3',
        },
        marker(TEACHER, x, y, 4, true),
      ]),
  };
  const named = [...points.slice(0, 1), ...points.slice(1).slice(-1)].map(point => ({
    ...point,
    name: point.step === 0 ? 'base' : `step ${point.step}`,
  }));
  if (teacher) named.push({ ...teacher, name: 'teacher' });
  const names: Layer = {
    points: named,
    draw: ({ box }, places) =>
      places.map(({ x, y }, i) => {
        const { name, diversity } = named[i]!;
        // Names go to the side with more room, the teacher's below where the student may end beside it.
        const right = x < box.left + box.width / 2;
        const aside = radiusOf(diversity) + 5;
        const taughtHere = name === 'teacher';
        return text(name, x + (right ? aside : -aside), y + (taughtHere ? 16 : -4), {
          anchor: right ? 'start' : 'end',
          tone: 'ink',
          bold: !taughtHere,
          rim: true,
        });
      }),
  };
  const half = { x: 0.5, y: 0.5, xRange: null, yRange: null };
  const bare = points.map(point => (point === last ? point : { ...point, xRange: null, yRange: null }));
  return {
    width,
    panels: [
      plane(
        [half, ...bare, ...(teacher ? [{ ...teacher, xRange: null, yRange: null }] : [])],
        Math.min(402, Math.max(302, width * 0.45 + 62)),
        [way, taught, names],
      ),
    ],
    label: labelOf(named),
  };
}
