/** What a colour says: a group's place among the groups, the base, or a part of the frame. Palettes give it a value. */
export type Tone = 'ink' | 'soft' | 'faint' | 'grid' | 'ground' | 'base' | SeriesTone;
export type SeriesTone = 'series-0' | 'series-1' | 'series-2' | 'series-3' | 'series-4';

/** A line or an area; an SVG path in CSS pixels of the drawing. */
export interface PathShape {
  readonly kind: 'path';
  readonly d: string;
  readonly stroke?: Tone;
  readonly width?: number;
  readonly dash?: string;
  readonly strokeOpacity?: number;
  /** Round ends: a line of no length is a dot. */
  readonly round?: boolean;
  readonly fill?: Tone;
  readonly fillOpacity?: number;
}

export interface TextShape {
  readonly kind: 'text';
  readonly text: string;
  readonly x: number;
  /** Of the baseline. */
  readonly y: number;
  readonly size: number;
  readonly tone: Tone;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  /** Drawn over lines: with a rim in the colour of the ground. */
  readonly rim?: boolean;
  /** Read from the bottom to the top. */
  readonly upright?: boolean;
}

export type Shape = PathShape | TextShape;

/** Plain shapes, first at the bottom: what a chart comes to where it is not on the page. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  /** Its text for screen readers. */
  readonly label: string;
}

/** A point of a drawing, in CSS pixels. */
export type Point = readonly [x: number, y: number];

export const TEXT_SIZE = 12;
export const SMALL_TEXT = 11;

/** Width of a text in CSS pixels, near enough to keep labels apart: no font is at hand where drawings are made. */
export const textWidth = (content: string, size: number): number => content.length * size * 0.6;

export function text(
  content: string,
  x: number,
  y: number,
  rest: Partial<Omit<TextShape, 'kind' | 'text' | 'x' | 'y'>> = {},
): TextShape {
  return { kind: 'text', text: content, x, y, size: SMALL_TEXT, tone: 'soft', anchor: 'start', ...rest };
}

export const px = (value: number): string => String(Math.round(value * 10) / 10);

/** A line through points. */
export function polyline(points: readonly Point[], closed = false): string {
  const path = points.map(([x, y], i) => `${i === 0 ? 'M' : 'L'}${px(x)} ${px(y)}`).join('');
  return closed && path ? `${path}Z` : path;
}

export const rectangle = (x: number, y: number, width: number, height: number): string =>
  `M${px(x)} ${px(y)}h${px(width)}v${px(height)}h${px(-width)}Z`;

export const circle = (x: number, y: number, radius: number): string =>
  `M${px(x - radius)} ${px(y)}a${px(radius)} ${px(radius)} 0 1 0 ${px(2 * radius)} 0a${px(radius)} ${px(radius)} 0 1 0 ${px(-2 * radius)} 0Z`;

/** An upright interval; with `cap` a dash of twice that width at both ends. */
export const upright = (x: number, low: number, high: number, cap = 0): string =>
  `M${px(x)} ${px(low)}V${px(high)}${cap ? [low, high].map(y => `M${px(x - cap)} ${px(y)}h${2 * cap}`).join('') : ''}`;

/** The same, lying. */
export const lying = (y: number, low: number, high: number, cap = 0): string =>
  `M${px(low)} ${px(y)}H${px(high)}${cap ? [low, high].map(x => `M${px(x)} ${px(y - cap)}v${2 * cap}`).join('') : ''}`;

/** An arrow as a line and its head; none where it would be shorter than the head. */
export function arrow([x, y]: Point, [toX, toY]: Point, stroke: Tone, width = 2.5): readonly Shape[] {
  const length = Math.hypot(toX - x, toY - y);
  const head = 4 * width;
  if (length < head) return [];
  const [u, v] = [(toX - x) / length, (toY - y) / length];
  const neck: Point = [toX - u * head, toY - v * head];
  const wing = 0.45 * head;
  const left: Point = [neck[0] - v * wing, neck[1] + u * wing];
  const right: Point = [neck[0] + v * wing, neck[1] - u * wing];
  return [
    { kind: 'path', d: polyline([[x, y], neck]), stroke, width },
    { kind: 'path', d: polyline([[toX, toY], left, right], true), fill: stroke },
  ];
}
