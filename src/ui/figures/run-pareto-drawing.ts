import type { RunPareto, RunParetoPoint } from '../../state/run-pareto.ts';
import { circle, polyline, px, text, type Drawing, type Shape } from './drawing.ts';
import { frame } from './frame.ts';
import { niceDomain } from './scale.ts';
import { BASE_DASH, marker, toneOf } from './series.ts';

const LARGEST = 22;
const SMALLEST = 4;
const STUDENT = 0;
/** The teacher is orange everywhere: the second series. */
const TEACHER = 1;
const MARGIN = 0.06;

type Scale = (value: number) => number;

const radiusOf = (diversity: number | null): number =>
  Math.max(SMALLEST, LARGEST * Math.sqrt(Math.max(0, diversity ?? 0)));

function whiskers({ x, y, xRange, yRange }: RunParetoPoint, sx: Scale, sy: Scale): Shape {
  const across = xRange ? `M${px(sx(xRange[0]))} ${px(sy(y))}H${px(sx(xRange[1]))}` : '';
  const up = yRange ? `M${px(sx(x))} ${px(sy(yRange[0]))}V${px(sy(yRange[1]))}` : '';
  return { kind: 'path', d: across + up, stroke: toneOf(STUDENT), width: 1 };
}

/** One run's evaluations as bubbles along a line, from the base on; the later, the fuller. */
export function runParetoDrawing({ points, teacher }: RunPareto, width: number): Drawing {
  const box = { left: 58, top: 16, width: width - 74, height: Math.min(340, Math.max(240, width * 0.45)) };
  const last = points.at(-1);
  const all = [...points, ...(teacher ? [teacher] : [])];
  const domain = (ends: readonly number[]): ReturnType<typeof niceDomain> =>
    niceDomain(Math.max(0, Math.min(0.5, ...ends) - MARGIN), Math.min(1, Math.max(0.5, ...ends) + MARGIN));
  const { shapes, sx, sy } = frame({
    ...{ box, grid: true },
    x: domain([...all.map(({ x }) => x), ...(last?.xRange ?? [])]),
    y: domain([...all.map(({ y }) => y), ...(last?.yRange ?? [])]),
    xLabel: 'helpfulness win rate against the base',
    yLabel: 'safety win rate against the base',
  });
  const half: Shape = {
    kind: 'path',
    d: `M${px(sx(0.5))} ${px(box.top)}v${px(box.height)}M${px(box.left)} ${px(sy(0.5))}h${px(box.width)}`,
    ...{ stroke: 'base', width: 1.5, dash: BASE_DASH },
  };
  const way: Shape = {
    kind: 'path',
    d: polyline(points.map(({ x, y }) => [sx(x), sy(y)] as const)),
    ...{ stroke: toneOf(STUDENT), width: 1.5 },
  };
  const bubbles = points.flatMap(({ x, y, diversity }, i): Shape[] => [
    {
      ...{ kind: 'path', d: circle(sx(x), sy(y), radiusOf(diversity)), fill: toneOf(STUDENT) },
      ...{ fillOpacity: 0.04 + (0.22 * (i + 1)) / points.length, stroke: toneOf(STUDENT), width: 1 },
    },
    marker(STUDENT, sx(x), sy(y), 3),
  ]);
  const teachers: Shape[] = teacher
    ? [
        {
          ...{ kind: 'path', d: circle(sx(teacher.x), sy(teacher.y), radiusOf(teacher.diversity)) },
          ...{ stroke: toneOf(TEACHER), width: 1.5, dash: '4 3' },
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
    const aside = radiusOf(point.diversity) + 5;
    return text(name, sx(point.x) + (right ? aside : -aside), sy(point.y) + (i === 2 ? 16 : -4), {
      ...{ anchor: right ? 'start' : 'end', tone: 'ink', bold: name !== 'teacher', rim: true },
    });
  });
  return {
    width,
    height: box.top + box.height + 44,
    shapes: [
      ...shapes,
      half,
      way,
      ...bubbles,
      ...(last ? [whiskers(last, sx, sy)] : []),
      ...teachers,
      ...names,
    ],
    label: `Helpfulness and safety win rates against the base: ${named
      .map(({ point, name }) => `${name} ${point.x.toFixed(2)} and ${point.y.toFixed(2)}`)
      .join('; ')}`,
  };
}
