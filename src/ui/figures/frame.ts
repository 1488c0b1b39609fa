import { px, SMALL_TEXT, text, TEXT_SIZE, type Shape } from './drawing.ts';
import { linear, tickText, type Domain, type Scale } from './scale.ts';

/** Where the figures of a panel lie, in CSS pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface FrameOptions {
  readonly box: Box;
  readonly x: Domain;
  readonly y: Domain;
  readonly title?: string;
  readonly unit?: string;
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Vertical grid lines as well. */
  readonly grid?: boolean;
  /** No ticks along the bottom: what stands there names itself. */
  readonly bare?: boolean;
}

export interface Frame {
  readonly shapes: readonly Shape[];
  readonly sx: Scale;
  readonly sy: Scale;
}

/** Axes, ticks, grid and names of a panel, and its scales. */
export function frame({ box, x, y, title, unit, xLabel, yLabel, grid, bare }: FrameOptions): Frame {
  const { left, top, width, height } = box;
  const right = left + width;
  const bottom = top + height;
  const sx = linear(x, left, right);
  const sy = linear(y, bottom, top);
  const rows = y.ticks.map(tick => `M${px(left)} ${px(sy(tick))}H${px(right)}`);
  const columns = grid ? x.ticks.map(tick => `M${px(sx(tick))} ${px(top)}V${px(bottom)}`) : [];
  const marks = bare ? [] : x.ticks.map(tick => `M${px(sx(tick))} ${px(bottom)}v4`);
  const shapes: Shape[] = [
    { kind: 'path', d: [...rows, ...columns].join(''), stroke: 'grid', width: 1 },
    {
      kind: 'path',
      d: `M${px(left)} ${px(bottom)}H${px(right)}${marks.join('')}`,
      stroke: 'faint',
      width: 1,
    },
    ...y.ticks.map(tick =>
      text(tickText(tick), left - 6, sy(tick) + SMALL_TEXT / 3, { anchor: 'end', tone: 'faint' }),
    ),
    ...(bare
      ? []
      : x.ticks.map(tick =>
          text(tickText(tick), sx(tick), bottom + 6 + SMALL_TEXT, { anchor: 'middle', tone: 'faint' }),
        )),
  ];
  if (title) shapes.push(text(title, left, top - 12, { size: TEXT_SIZE, tone: 'ink', bold: true }));
  if (unit) shapes.push(text(unit, right, top - 12, { anchor: 'end', tone: 'faint' }));
  if (xLabel) shapes.push(text(xLabel, left + width / 2, bottom + 34, { anchor: 'middle' }));
  if (yLabel) shapes.push(text(yLabel, left - 46, top + height / 2, { anchor: 'middle', upright: true }));
  return { shapes, sx, sy };
}

/** Boxes of so many panels in rows, with the whole height; `inset` is what titles and ticks take around each box. */
export function panelGrid(
  count: number,
  width: number,
  panelHeight: number,
): { readonly boxes: readonly Box[]; readonly height: number } {
  const columns = width >= 780 ? 3 : width >= 500 ? 2 : 1;
  const inset = { left: 36, right: 12, top: 30, bottom: 40 };
  const cell = width / columns;
  const rows = Math.ceil(count / columns);
  const boxes = Array.from({ length: count }, (_, i) => ({
    left: (i % columns) * cell + inset.left,
    top: Math.floor(i / columns) * panelHeight + inset.top,
    width: cell - inset.left - inset.right,
    height: panelHeight - inset.top - inset.bottom,
  }));
  return { boxes, height: rows * panelHeight };
}
