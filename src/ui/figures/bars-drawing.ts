import type { BarsFigure, BarsPanel } from '../../state/compare/bars.ts';
import type { Estimate } from '../../state/compare/estimates.ts';
import { px, rectangle, text, type Drawing, type Shape, type Tone } from './drawing.ts';
import { frame, panelGrid, type Box } from './frame.ts';
import { legend } from './legend.ts';
import { niceDomain } from './scale.ts';
import { BASE_DASH, marker, toneOf } from './series.ts';

const PANEL_HEIGHT = 200;
const WIDEST_BAR = 34;

interface BarStyle {
  readonly tone: Tone;
  readonly hollow: boolean;
}

function bar(
  { mean, interval }: Estimate,
  x: number,
  width: number,
  sy: (value: number) => number,
  { tone, hollow }: BarStyle,
): Shape[] {
  const middle = x + width / 2;
  return [
    {
      kind: 'path',
      d: rectangle(x, sy(mean), width, sy(0) - sy(mean)),
      fill: tone,
      fillOpacity: hollow ? 0.14 : 0.85,
      stroke: tone,
      width: 1.5,
    },
    ...(interval
      ? [
          {
            kind: 'path' as const,
            d: `M${px(middle)} ${px(sy(interval[0]))}V${px(sy(interval[1]))}M${px(middle - 3)} ${px(sy(interval[0]))}h6M${px(middle - 3)} ${px(sy(interval[1]))}h6`,
            stroke: 'ink' as const,
            width: 1.2,
          },
        ]
      : []),
  ];
}

function panelShapes({ measure, base, pairs }: BarsPanel, box: Box): Shape[] {
  const all = [base, ...pairs.flatMap(({ teacher, student }) => [teacher, student])].filter(
    found => found !== null,
  );
  const highest = Math.max(...all.map(({ mean, interval }) => interval?.[1] ?? mean), 0);
  const y = measure.share ? niceDomain(0, 1, 4) : niceDomain(0, highest, 4);
  const x = { low: 0, high: 1, ticks: [] };
  const { shapes, sy } = frame({ box, x, y, title: measure.label, unit: measure.unit, bare: true });
  // Two bars a group and one for the base, half a bar between.
  const slots = 2.5 * pairs.length + 1.5;
  const width = Math.min(WIDEST_BAR, box.width / slots);
  const start = box.left + (box.width - slots * width) / 2 + width / 4;
  const below = box.top + box.height + 12;
  const drawn = [...shapes];
  if (all.length === 0)
    drawn.push(
      text('no data', box.left + box.width / 2, box.top + box.height / 2, {
        anchor: 'middle',
        tone: 'faint',
      }),
    );
  if (base) {
    drawn.push(...bar(base, start, width, sy, { tone: 'base', hollow: false }));
    drawn.push({
      kind: 'path',
      d: `M${px(start + width)} ${px(sy(base.mean))}H${px(box.left + box.width)}`,
      stroke: 'base',
      width: 1.5,
      dash: BASE_DASH,
    });
  }
  drawn.push(text('base', start + width / 2, below + 4, { anchor: 'middle', tone: 'faint' }));
  pairs.forEach(({ teacher, student }, group) => {
    const left = start + width * (1.5 + 2.5 * group);
    const tone = toneOf(group);
    if (teacher) drawn.push(...bar(teacher, left, width, sy, { tone, hollow: true }));
    if (student) drawn.push(...bar(student, left + width, width, sy, { tone, hollow: false }));
    drawn.push(marker(group, left + width / 2, below, 4, true), marker(group, left + width * 1.5, below, 4));
  });
  return drawn;
}

/** Small multiples, one a measure: base, then each group's teacher (hollow) and student (filled), with 95 % intervals. */
export function barsDrawing({ panels, labels }: BarsFigure, width: number): Drawing {
  const { boxes, height } = panelGrid(panels.length, width, PANEL_HEIGHT);
  const key = legend(
    labels.map((name, group) => ({ name, group, mark: 'marker' as const })),
    width,
    height,
  );
  return {
    width,
    height: height + key.height,
    shapes: [...panels.flatMap((panel, i) => panelShapes(panel, boxes[i]!)), ...key.shapes],
    label: `Base, teachers and students of ${labels.join(', ')}: ${panels.map(({ measure }) => measure.label.toLowerCase()).join('; ')}`,
  };
}
