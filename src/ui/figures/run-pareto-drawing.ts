import type { RunPareto } from '../../state/charts/run-pareto.ts';
import { circle, polyline, text, type Drawing, type Shape } from './drawing.ts';
import { frame } from './frame.ts';
import { niceDomain } from './scale.ts';
import { marker, toneOf } from './series.ts';
import { halfLines, radiusOf, whiskersPath, WIN_LABELS } from './win-plane.ts';

const LARGEST = 22;
const SMALLEST = 4;
const STUDENT = 0;
/** The teacher is orange everywhere: the second series. */
const TEACHER = 1;
const MARGIN = 0.06;

const radius = (diversity: number | null): number => radiusOf(diversity, SMALLEST, LARGEST);

/** One run's evaluations as bubbles along a line, from the base on; the later, the fuller. */
export function runParetoDrawing({ points, teacher }: RunPareto, width: number): Drawing {
  const box = { left: 58, top: 16, width: width - 74, height: Math.min(340, Math.max(240, width * 0.45)) };
  const last = points.at(-1);
  const all = [...points, ...(teacher ? [teacher] : [])];
  const domain = (ends: readonly number[]): ReturnType<typeof niceDomain> =>
    niceDomain(Math.max(0, Math.min(0.5, ...ends) - MARGIN), Math.min(1, Math.max(0.5, ...ends) + MARGIN));
  const { shapes, sx, sy } = frame({
    box,
    grid: true,
    x: domain([...all.map(({ x }) => x), ...(last?.xRange ?? [])]),
    y: domain([...all.map(({ y }) => y), ...(last?.yRange ?? [])]),
    ...WIN_LABELS,
  });
  const way: Shape = {
    kind: 'path',
    d: polyline(points.map(({ x, y }) => [sx(x), sy(y)] as const)),
    stroke: toneOf(STUDENT),
    width: 1.5,
  };
  const bubbles = points.flatMap(({ x, y, diversity }, i): Shape[] => [
    {
      kind: 'path',
      d: circle(sx(x), sy(y), radius(diversity)),
      fill: toneOf(STUDENT),
      fillOpacity: 0.04 + (0.22 * (i + 1)) / points.length,
      stroke: toneOf(STUDENT),
      width: 1,
    },
    marker(STUDENT, sx(x), sy(y), 3),
  ]);
  const teachers: Shape[] = teacher
    ? [
        {
          kind: 'path',
          d: circle(sx(teacher.x), sy(teacher.y), radius(teacher.diversity)),
          stroke: toneOf(TEACHER),
          width: 1.5,
          dash: '4 3',
        },
        marker(TEACHER, sx(teacher.x), sy(teacher.y), 4, true),
      ]
    : [];
  const named = [
    ...(points[0]
      ? [{ point: points[0], name: points[0].step === 0 ? 'base' : `step ${points[0].step}` }]
      : []),
    ...(last && points.length > 1 ? [{ point: last, name: `step ${last.step}` }] : []),
    ...(teacher ? [{ point: teacher, name: 'teacher' }] : []),
  ];
  const names = named.map(({ point, name }, i) => {
    // Names go to the side with more room, the teacher's below where the student may end beside it.
    const right = sx(point.x) < box.left + box.width / 2;
    const aside = radius(point.diversity) + 5;
    return text(name, sx(point.x) + (right ? aside : -aside), sy(point.y) + (i === 2 ? 16 : -4), {
      anchor: right ? 'start' : 'end',
      tone: 'ink',
      bold: name !== 'teacher',
      rim: true,
    });
  });
  return {
    width,
    height: box.top + box.height + 44,
    shapes: [
      ...shapes,
      halfLines(box, sx, sy),
      way,
      ...bubbles,
      ...(last
        ? [{ kind: 'path', d: whiskersPath(last, sx, sy), stroke: toneOf(STUDENT), width: 1 } as const]
        : []),
      ...teachers,
      ...names,
    ],
    label: `Helpfulness and safety win rates against the base: ${named
      .map(({ point, name }) => `${name} ${point.x.toFixed(2)} and ${point.y.toFixed(2)}`)
      .join('; ')}`,
  };
}
