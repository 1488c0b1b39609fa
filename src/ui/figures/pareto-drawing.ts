import type { ParetoPoint } from '../../state/compare/pareto.ts';
import { circle, px, type Drawing, type Shape } from './drawing.ts';
import { frame, type Box } from './frame.ts';
import { legend } from './legend.ts';
import { placeLabels } from './place-labels.ts';
import { niceDomain, type Scale } from './scale.ts';
import { marker, toneOf } from './series.ts';
import { halfLines, radiusOf, whiskersPath, WIN_LABELS } from './win-plane.ts';

const LARGEST = 26;
const SMALLEST = 5;
/** Below this width bubbles are labelled with their diversity only. */
const NARROW = 480;

function whiskers(point: ParetoPoint, sx: Scale, sy: Scale): Shape[] {
  const d = whiskersPath(point, sx, sy);
  return d && point.group !== null ? [{ kind: 'path', d, stroke: toneOf(point.group), width: 1 }] : [];
}

/** Room that whiskers take, so that no name stands on them. */
function whiskerBoxes({ x, y, xRange, yRange }: ParetoPoint, sx: Scale, sy: Scale): readonly Box[] {
  const thickness = 6;
  const across = xRange && {
    left: sx(xRange[0]),
    top: sy(y) - thickness / 2,
    width: sx(xRange[1]) - sx(xRange[0]),
    height: thickness,
  };
  const up = yRange && {
    left: sx(x) - thickness / 2,
    top: sy(yRange[1]),
    width: thickness,
    height: sy(yRange[0]) - sy(yRange[1]),
  };
  return [across, up].filter(box => box !== null);
}

function bubble(point: ParetoPoint, sx: Scale, sy: Scale): Shape[] {
  const { x, y, group, role, seeds } = point;
  const [left, top] = [sx(x), sy(y)];
  const tone = group === null ? 'base' : toneOf(group);
  const hollow = role === 'teacher';
  const middle: Shape =
    group === null
      ? {
          kind: 'path',
          d: `M${px(left - 5)} ${px(top)}h10M${px(left)} ${px(top - 5)}v10`,
          stroke: 'base',
          width: 2,
        }
      : marker(group, left, top, 5, hollow);
  return [
    {
      kind: 'path',
      d: circle(left, top, radiusOf(point.diversity, SMALLEST, LARGEST)),
      fill: tone,
      fillOpacity: hollow ? 0 : 0.22,
      stroke: tone,
      width: 1.5,
      ...(hollow && { dash: '4 3' }),
    },
    ...(hollow ? [] : whiskers(point, sx, sy)),
    ...seeds.map(([sideways, up]): Shape => ({
      kind: 'path',
      d: circle(sx(sideways), sy(up), 2),
      fill: tone,
    })),
    middle,
  ];
}

/** Bubbles in the plane of helpfulness (right) and safety (up), with what is better at the top right. */
export function paretoDrawing(points: readonly ParetoPoint[], width: number): Drawing {
  const plot = Math.min(380, Math.max(280, width * 0.6));
  const box: Box = { left: 58, top: 16, width: width - 74, height: plot };
  const ends = (of: (point: ParetoPoint) => readonly (number | undefined)[]): readonly number[] =>
    points.flatMap(point => of(point).filter(value => value !== undefined));
  const domain = (values: readonly number[]): ReturnType<typeof niceDomain> =>
    niceDomain(Math.max(0, Math.min(...values) - 0.06), Math.min(1, Math.max(...values) + 0.06), 5);
  const x = domain(ends(point => [point.x, point.xRange?.[0], point.xRange?.[1]]));
  const y = domain(ends(point => [point.y, point.yRange?.[0], point.yRange?.[1]]));
  const { shapes, sx, sy } = frame({
    box,
    x,
    y,
    grid: true,
    ...WIN_LABELS,
  });
  // A teacher has its student's colour and marker, hollow: names are for the others.
  const named = points.filter(({ role }) => role !== 'teacher').toReversed();
  const labels = placeLabels(
    named.map(point => {
      const diversity = point.diversity?.toFixed(2) ?? '';
      return {
        text: width < NARROW ? diversity : `${point.name} ${diversity}`.trim(),
        x: sx(point.x),
        y: sy(point.y),
        radius: radiusOf(point.diversity, SMALLEST, LARGEST),
        bold: point.role === 'student',
      };
    }),
    box,
    points.flatMap(point => (point.role === 'teacher' ? [] : whiskerBoxes(point, sx, sy))),
  );
  const key = legend(
    points.flatMap(({ name, group, role }) =>
      role === 'teacher' ? [] : [{ name, group, mark: 'marker' as const }],
    ),
    width,
    box.top + box.height + 46,
  );
  return {
    width,
    height: box.top + box.height + 46 + key.height,
    shapes: [
      ...shapes,
      halfLines(box, sx, sy),
      ...points.flatMap(point => bubble(point, sx, sy)),
      ...labels,
      ...key.shapes,
    ],
    label: `Helpfulness and safety win rates against the base, bubbles by diversity: ${points
      .map(({ name, x: right, y: up }) => `${name} ${right.toFixed(2)} and ${up.toFixed(2)}`)
      .join('; ')}`,
  };
}
