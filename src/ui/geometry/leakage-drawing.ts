import type { LeakageLine } from '../../state/geometry/measured.ts';
import { leakageText, NO_PUSH } from '../../state/geometry/measured-tables.ts';
import { signed } from '../../state/geometry/plane-words.ts';
import { circle, px, SMALL_TEXT, text, type Drawing, type Shape, type Tone } from '../figures/drawing.ts';
import { frame, type Box } from '../figures/frame.ts';
import { niceDomain } from '../figures/scale.ts';
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
export function leakageDrawing(lines: readonly LeakageLine[], width: number): Drawing {
  const row = width < WIDE ? 54 : 40;
  const box: Box = { left: 12, top: 26, width: width - 24, height: lines.length * row };
  const forced = lines.find(({ leak }) => leak.forced !== null)?.leak.forced ?? null;
  const values = [
    ...[0, forced ?? 0],
    ...lines.flatMap(({ leak: { value, interval } }) =>
      value === null ? [] : [value, interval?.low ?? value, interval?.high ?? value],
    ),
  ];
  const x = niceDomain(Math.min(...values) - 0.1, Math.max(...values) + 0.1);
  const { shapes, sx } = frame({
    box,
    x,
    y: { low: 0, high: 1, ticks: [] },
    grid: true,
    xLabel: 'Λ: expressiveness per unit of safety',
  });
  const rows = lines.flatMap(({ name, leak, who }, i): readonly Shape[] => {
    const top = box.top + i * row;
    const y = top + row - 12;
    const tone = TONES[who];
    const told = leakageText(leak);
    const words: Shape[] = [
      text(name, box.left + 4, top + 15, { tone: 'ink', rim: true }),
      width < WIDE
        ? text(told, box.left + 4, top + 29, { rim: true, bold: leak.value !== null })
        : text(told, box.left + box.width - 4, top + 15, {
            anchor: 'end',
            rim: true,
            bold: leak.value !== null,
          }),
    ];
    const { value, interval } = leak;
    if (value === null) return words;
    const [low, high] = [sx(interval?.low ?? value), sx(interval?.high ?? value)];
    return [
      {
        kind: 'path',
        stroke: tone,
        width: 2,
        d: `M${px(low)} ${px(y)}H${px(high)}M${px(low)} ${px(y - 4)}v8M${px(high)} ${px(y - 4)}v8`,
      },
      mark(who, sx(value), y, tone),
      ...words,
    ];
  });
  const line = (value: number, tone: Tone, dash: string): Shape => ({
    kind: 'path',
    d: `M${px(sx(value))} ${px(box.top)}v${px(box.height)}`,
    stroke: tone,
    width: 1.5,
    dash,
  });
  const name = forced === null ? '' : `forced by the angle: cos φ = ${signed(forced)}`;
  const half = (name.length * SMALL_TEXT * 0.6) / 2;
  return {
    width,
    height: box.top + box.height + 44,
    shapes: [
      ...shapes,
      line(0, 'faint', ''),
      ...(forced === null
        ? []
        : [
            line(forced, 'ink', BASE_DASH),
            text(name, Math.max(half, Math.min(width - half, sx(forced))), box.top - 8, {
              anchor: 'middle',
              tone: 'ink',
            }),
          ]),
      ...rows,
    ],
    label: lines
      .map(({ name: who, leak }) => `${who}: ${leak.value === null ? NO_PUSH : leakageText(leak)}`)
      .join('; '),
  };
}

/** Teachers are hollow as everywhere, the control is a cross. */
function mark(who: LeakageLine['who'], x: number, y: number, tone: Tone): Shape {
  if (who === 'control')
    return {
      kind: 'path',
      stroke: tone,
      width: 2.2,
      d: `M${px(x - 4)} ${px(y - 4)}l8 8M${px(x - 4)} ${px(y + 4)}l8 -8`,
    };
  if (who === 'constitution') return { kind: 'path', d: square(x, y, 4), fill: tone };
  return {
    kind: 'path',
    d: circle(x, y, 5),
    stroke: tone,
    width: 2,
    fill: who === 'teacher' ? 'ground' : tone,
  };
}
