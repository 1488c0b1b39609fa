import { scaleOf, tickText, type Axis, type Scale } from './axis.ts';
import { px, SMALL_TEXT, text, TEXT_SIZE, type Drawing, type Shape } from './drawing.ts';
import { legend, type LegendEntry } from './legend.ts';

/** Where the figures of a panel lie, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Scales {
  readonly sx: Scale;
  readonly sy: Scale;
  readonly box: Box;
}

export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Something drawn in a panel. */
export interface Layer {
  /** By which tests find it. */
  readonly name?: string;
  /** In the units of the axes, finite: the page hands them to Recharts as the data of a line. */
  readonly points?: readonly Place[];
  /** The points change with every step of a run: the page draws the layer past Recharts' data, which is too slow for that. */
  readonly live?: boolean;
  /** @param places of the points, in CSS pixels */
  draw(scales: Scales, places: readonly Place[]): readonly Shape[];
}

/** Axes with layers between them, first at the bottom. */
export interface Panel {
  readonly title?: string;
  readonly unit?: string;
  readonly x: Axis;
  readonly y: Axis;
  /** Of the whole panel, in CSS pixels; `inset` is what ticks and words take of it on each side. */
  readonly height: number;
  readonly inset: Readonly<Record<'left' | 'right' | 'top' | 'bottom', number>>;
  /** Vertical grid lines as well. */
  readonly grid?: boolean;
  /** No ticks along the bottom: what stands there names itself. */
  readonly bare?: boolean;
  /** Neither axes nor grid. */
  readonly plain?: boolean;
  readonly layers: readonly Layer[];
}

/**
 * A figure as data: the one description that the page draws with Recharts (chart-view.tsx) and `chartDrawing` turns into shapes for
 * SVG and PNG, in the browser and in Node.
 */
export interface Chart {
  readonly width: number;
  /** Panels side by side; 1 by default. */
  readonly columns?: number;
  readonly panels: readonly Panel[];
  readonly legend?: readonly LegendEntry[];
  /** Its text for screen readers. */
  readonly label: string;
}

/** For panels that stand in rows. */
export const ROW_INSET = { left: 36, right: 12, top: 30, bottom: 40 } as const;
export const columnsIn = (width: number): number => (width >= 780 ? 3 : width >= 500 ? 2 : 1);

/** For a panel of its own, with both axes named. */
export const PLANE_INSET = { left: 58, right: 16, top: 16, bottom: 46 } as const;

export const boxOf = ({ inset, height }: Panel, width: number, left = 0, top = 0): Box => ({
  left: left + inset.left,
  top: top + inset.top,
  width: width - inset.left - inset.right,
  height: height - inset.top - inset.bottom,
});

export const scalesOf = ({ x, y }: Panel, box: Box): Scales => ({
  sx: scaleOf(x, box.left, box.left + box.width),
  sy: scaleOf(y, box.top + box.height, box.top),
  box,
});

/** The names of a panel and of its axes. */
export function captions({ title, unit, x, y }: Panel, { left, top, width, height }: Box): readonly Shape[] {
  const shapes: Shape[] = [];
  if (title) shapes.push(text(title, left, top - 12, { size: TEXT_SIZE, tone: 'ink', bold: true }));
  if (unit) shapes.push(text(unit, left + width, top - 12, { anchor: 'end', tone: 'faint' }));
  if (x.label) shapes.push(text(x.label, left + width / 2, top + height + 34, { anchor: 'middle' }));
  if (y.label) shapes.push(text(y.label, left - 46, top + height / 2, { anchor: 'middle', upright: true }));
  return shapes;
}

/** Ticks and grid, as the page has them from Recharts. */
function frame(
  { x, y, grid = false, bare = false, plain = false }: Panel,
  { sx, sy, box }: Scales,
): readonly Shape[] {
  if (plain) return [];
  const [right, bottom] = [box.left + box.width, box.top + box.height];
  const rows = y.ticks.map(tick => `M${px(box.left)} ${px(sy(tick))}H${px(right)}`);
  const columns = grid ? x.ticks.map(tick => `M${px(sx(tick))} ${px(box.top)}V${px(bottom)}`) : [];
  const ticks = bare ? [] : x.ticks;
  const marks = ticks.map(tick => `M${px(sx(tick))} ${px(bottom)}v4`).join('');
  const { format: across = tickText } = x;
  const { format: up = tickText } = y;
  return [
    { kind: 'path', d: [...rows, ...columns].join(''), stroke: 'grid', width: 1 },
    { kind: 'path', d: `M${px(box.left)} ${px(bottom)}H${px(right)}${marks}`, stroke: 'faint', width: 1 },
    ...y.ticks.map(tick =>
      text(up(tick), box.left - 6, sy(tick) + SMALL_TEXT / 3, { anchor: 'end', tone: 'faint' }),
    ),
    ...ticks.map(tick =>
      text(across(tick), sx(tick), bottom + 6 + SMALL_TEXT, { anchor: 'middle', tone: 'faint' }),
    ),
  ];
}

/** A point that Recharts has placed, with the datum it is of. */
export interface DrawnPlace {
  readonly x: number | null;
  readonly y: number | null;
  readonly payload?: unknown;
}

/**
 * Where the points of a layer lie.
 * @param drawn where Recharts has put them; it is a draw late after the points have changed, and is then not believed
 */
export function placesOf(
  { points = [] }: Layer,
  { sx, sy }: Scales,
  drawn: readonly DrawnPlace[] = [],
): readonly Place[] {
  const current = drawn.length === points.length && points.every((point, i) => drawn[i]?.payload === point);
  if (current) return drawn.map(({ x, y }) => ({ x: x ?? NaN, y: y ?? NaN }));
  return points.map(({ x, y }) => ({ x: sx(x), y: sy(y) }));
}

/** A chart as plain shapes, for files. */
export function chartDrawing({ width, columns = 1, panels, legend: entries = [], label }: Chart): Drawing {
  const cell = width / columns;
  const shapes: Shape[] = [];
  let height = 0;
  panels.forEach((panel, i) => {
    const top = Math.floor(i / columns) * panel.height;
    const scales = scalesOf(panel, boxOf(panel, cell, (i % columns) * cell, top));
    shapes.push(...frame(panel, scales), ...captions(panel, scales.box));
    for (const layer of panel.layers) shapes.push(...layer.draw(scales, placesOf(layer, scales)));
    height = Math.max(height, top + panel.height);
  });
  const key = entries.length > 0 ? legend(entries, width) : null;
  if (key) shapes.push(...key.shapes(height));
  return { width, height: height + (key?.height ?? 0), shapes, label };
}
