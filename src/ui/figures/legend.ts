import { circle, px, text, textWidth, TEXT_SIZE, type Shape } from './drawing.ts';
import { BASE_DASH, dashOf, marker, toneOf } from './series.ts';

export interface LegendEntry {
  readonly name: string;
  /** Null for the base, and for the teachers of all groups. */
  readonly group: number | null;
  /** What stands beside the name: a line with a marker, the marker alone, or the hollow marker that teachers have. */
  readonly mark: 'line' | 'marker' | 'teacher';
}

const ROW = 20;
const SWATCH = 30;
const GAP = 18;

const baseDot = (x: number, y: number): Shape => ({
  kind: 'path',
  d: `M${px(x - 4)} ${px(y)}h8M${px(x)} ${px(y - 4)}v8`,
  stroke: 'base',
  width: 2,
});

const hollowDot = (x: number, y: number): Shape => ({
  kind: 'path',
  d: circle(x, y, 5),
  fill: 'ground',
  stroke: 'soft',
  width: 2,
});

function swatch({ group, mark }: LegendEntry, x: number, y: number): readonly Shape[] {
  if (mark === 'teacher') return [hollowDot(x + (SWATCH - 6) / 2, y)];
  const line: Shape = {
    kind: 'path',
    d: `M${px(x)} ${px(y)}h${SWATCH - 6}`,
    stroke: group === null ? 'base' : toneOf(group),
    width: 2,
    dash: group === null ? BASE_DASH : dashOf(group),
  };
  const middle = x + (SWATCH - 6) / 2;
  if (mark === 'line') return group === null ? [line] : [line, marker(group, middle, y, 4)];
  return [group === null ? baseDot(middle, y) : marker(group, middle, y, 5)];
}

/** Shortens a name to the width that there is. */
const fitted = (name: string, width: number): string => {
  const fits = Math.floor(width / (TEXT_SIZE * 0.6));
  return name.length <= fits ? name : `${name.slice(0, Math.max(1, fits - 1))}…`;
};

/** Names beside their marks, in as many rows as they need. */
export function legend(
  entries: readonly LegendEntry[],
  width: number,
): { readonly height: number; shapes(top: number): readonly Shape[] } {
  let x = 0;
  let y = ROW / 2 + 4;
  const placed = entries.map(entry => {
    const name = fitted(entry.name, width - SWATCH);
    const needed = SWATCH + textWidth(name, TEXT_SIZE);
    if (x > 0 && x + needed > width) {
      x = 0;
      y += ROW;
    }
    const at = { entry, name, x, y };
    x += needed + GAP;
    return at;
  });
  return {
    height: y + ROW / 2,
    shapes: top =>
      placed.flatMap(({ entry, name, x: left, y: middle }) => [
        ...swatch(entry, left, top + middle),
        text(name, left + SWATCH, top + middle + TEXT_SIZE / 3, { size: TEXT_SIZE, tone: 'ink' }),
      ]),
  };
}
