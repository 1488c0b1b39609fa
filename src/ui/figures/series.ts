import type { Layer, Place } from './chart.ts';
import { circle, lying, polyline, px, type PathShape, type SeriesTone, type Tone } from './drawing.ts';

const TONES: readonly SeriesTone[] = ['series-0', 'series-1', 'series-2', 'series-3', 'series-4'];
const DASHES: readonly string[] = ['', '8 3', '2 3', '10 3 2 3', '5 2 1 2 1 2'];

/** Dots: the base, in every figure. */
export const BASE_DASH = '1 4';

const place = (group: number): number => group % TONES.length;
export const toneOf = (group: number): SeriesTone => TONES[place(group)]!;
export const dashOf = (group: number): string => DASHES[place(group)]!;

/** The outline of a group's marker around a point; `size` is half its height. */
function markerPath(group: number, x: number, y: number, size: number): string {
  switch (place(group)) {
    case 0:
      return circle(x, y, size);
    case 1:
      return square(x, y, size * 0.9);
    case 2:
      return polyline(triangle(x, y, size, -1), true);
    case 3:
      return diamond(x, y, size * 1.25);
    default:
      return polyline(triangle(x, y, size, 1), true);
  }
}

export const square = (x: number, y: number, half: number): string =>
  polyline(
    [
      [x - half, y - half],
      [x + half, y - half],
      [x + half, y + half],
      [x - half, y + half],
    ],
    true,
  );

export const diamond = (x: number, y: number, half: number): string =>
  polyline(
    [
      [x, y - half],
      [x + half, y],
      [x, y + half],
      [x - half, y],
    ],
    true,
  );

/** @param way −1 points up, 1 down */
const triangle = (
  x: number,
  y: number,
  size: number,
  way: 1 | -1,
): readonly (readonly [number, number])[] => [
  [x, y + way * size * 1.15],
  [x - size * 1.1, y - way * size * 0.8],
  [x + size * 1.1, y - way * size * 0.8],
];

/** Where the base is: a cross. */
export const baseCross = (x: number, y: number): PathShape => ({
  kind: 'path',
  stroke: 'base',
  width: 2.5,
  d: `M${px(x - 6)} ${px(y)}h12M${px(x)} ${px(y - 6)}v12`,
});

/** A marker: filled for students, hollow for teachers. */
export function marker(group: number, x: number, y: number, size: number, hollow = false): PathShape {
  const tone = toneOf(group);
  return {
    kind: 'path',
    d: markerPath(group, x, y, size),
    fill: hollow ? 'ground' : tone,
    stroke: hollow ? tone : 'ground',
    width: hollow ? 2 : 1.2,
  };
}

/** A line through places. */
export const lineThrough = (places: readonly Place[], stroke: Tone, width = 2): PathShape => ({
  kind: 'path',
  d: polyline(places.map(({ x, y }) => [x, y] as const)),
  stroke,
  width,
});

/** A line across a panel at the height of a value; none where that is not known, or has no place on the axis. */
export const level = (name: string, value: number | null, tone: Tone, dash = BASE_DASH): Layer => ({
  name,
  draw({ sy, box }) {
    const y = value === null ? NaN : sy(value);
    if (!Number.isFinite(y)) return [];
    return [{ kind: 'path', d: lying(y, box.left, box.left + box.width), stroke: tone, width: 2, dash }];
  },
});
