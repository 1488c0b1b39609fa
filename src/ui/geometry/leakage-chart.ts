import type { LeakageLine } from '../../state/geometry/measured.ts';
import { leakageText, NO_PUSH } from '../../state/geometry/measured-tables.ts';
import { signed } from '../../state/geometry/plane-words.ts';
import { niceAxis } from '../figures/axis.ts';
import type { Chart, Layer } from '../figures/chart.ts';
import {
  circle,
  lying,
  px,
  SMALL_TEXT,
  text,
  textWidth,
  upright,
  type Shape,
  type Tone,
} from '../figures/drawing.ts';
import { BASE_DASH, square, toneOf } from '../figures/series.ts';

const TONES: Readonly<Record<LeakageLine['who'], Tone>> = {
  student: toneOf(0),
  teacher: toneOf(1),
  constitution: toneOf(3),
  control: 'base',
};
/** A name and its number side by side need this much. */
const WIDE = 430;

/** Leakages with their intervals, one a line, against the angle that forces them. */
export function leakageChart(lines: readonly LeakageLine[], width: number): Chart {
  const narrow = width < WIDE;
  const row = narrow ? 54 : 40;
  const forced = lines.find(({ leak }) => leak.forced !== null)?.leak.forced ?? null;
  const values = lines.flatMap(({ leak: { value, interval } }) =>
    value === null ? [] : [value, interval?.low ?? value, interval?.high ?? value],
  );
  values.push(0, forced ?? 0);
  const inset = { left: 12, right: 12, top: 26, bottom: 44 };
  return {
    width,
    panels: [
      {
        x: {
          ...niceAxis(Math.min(...values) - 0.1, Math.max(...values) + 0.1),
          label: 'Λ: expressiveness per unit of safety',
        },
        y: { low: 0, high: 1, ticks: [] },
        height: inset.top + lines.length * row + inset.bottom,
        inset,
        grid: true,
        layers: [verticals(forced, width), ...lines.map((line, i) => rowLayer(line, i * row, row, narrow))],
      },
    ],
    label: lines
      .map(({ name, leak }) => `${name}: ${leak.value === null ? NO_PUSH : leakageText(leak)}`)
      .join('; '),
  };
}

/** Zero, and what the angle forces. */
const verticals = (forced: number | null, width: number): Layer => ({
  draw({ sx, box }) {
    const line = (value: number, stroke: Tone, dash: string): Shape => ({
      kind: 'path',
      d: upright(sx(value), box.top, box.top + box.height),
      stroke,
      width: 1.5,
      dash,
    });
    if (forced === null) return [line(0, 'faint', '')];
    const name = `forced by the angle: cos φ = ${signed(forced)}`;
    const half = textWidth(name, SMALL_TEXT) / 2;
    const x = Math.max(half, Math.min(width - half, sx(forced)));
    return [
      line(0, 'faint', ''),
      line(forced, 'ink', BASE_DASH),
      text(name, x, box.top - 8, { anchor: 'middle', tone: 'ink' }),
    ];
  },
});

const rowLayer = ({ name, leak, who }: LeakageLine, down: number, row: number, narrow: boolean): Layer => ({
  draw({ sx, box }) {
    const top = box.top + down;
    const y = top + row - 12;
    const tone = TONES[who];
    const { value, interval } = leak;
    const [x, drop, anchor] = narrow
      ? ([box.left + 4, 29, 'start'] as const)
      : ([box.left + box.width - 4, 15, 'end'] as const);
    const words = [
      text(name, box.left + 4, top + 15, { tone: 'ink', rim: true }),
      text(leakageText(leak), x, top + drop, { anchor, rim: true, bold: value !== null }),
    ];
    if (value === null) return words;
    const d = lying(y, sx(interval?.low ?? value), sx(interval?.high ?? value), 4);
    return [{ kind: 'path', stroke: tone, width: 2, d }, mark(who, sx(value), y, tone), ...words];
  },
});

/** Teachers are hollow as everywhere, the control is a cross. */
function mark(who: LeakageLine['who'], x: number, y: number, tone: Tone): Shape {
  if (who === 'control') {
    const d = `M${px(x - 4)} ${px(y - 4)}l8 8M${px(x - 4)} ${px(y + 4)}l8 -8`;
    return { kind: 'path', stroke: tone, width: 2.2, d };
  }
  if (who === 'constitution') return { kind: 'path', d: square(x, y, 4), fill: tone };
  const fill = who === 'teacher' ? 'ground' : tone;
  return { kind: 'path', d: circle(x, y, 5), stroke: tone, width: 2, fill };
}
