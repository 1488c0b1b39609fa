import type { BarsFigure, BarsPanel } from '../../state/compare/bars.ts';
import type { Estimate } from '../../state/compare/estimates.ts';
import { niceAxis } from './axis.ts';
import { columnsIn, ROW_INSET, type Chart, type Panel, type Scales } from './chart.ts';
import { px, rectangle, text, upright, type Shape, type Tone } from './drawing.ts';
import { BASE_DASH, marker, toneOf } from './series.ts';

const PANEL_HEIGHT = 200;
const WIDEST_BAR = 34;

function bar(
  { mean, interval }: Estimate,
  x: number,
  width: number,
  { sy }: Scales,
  tone: Tone,
  hollow = false,
): Shape[] {
  const shapes: Shape[] = [
    {
      kind: 'path',
      d: rectangle(x, sy(mean), width, sy(0) - sy(mean)),
      fill: tone,
      fillOpacity: hollow ? 0.14 : 0.85,
      stroke: tone,
      width: 1.5,
    },
  ];
  if (interval) {
    const d = upright(x + width / 2, sy(interval[0]), sy(interval[1]), 3);
    shapes.push({ kind: 'path', d, stroke: 'ink', width: 1.2 });
  }
  return shapes;
}

function bars({ base, pairs }: BarsPanel, scales: Scales): readonly Shape[] {
  const { box, sy } = scales;
  // Two bars a group and one for the base, half a bar between.
  const slots = 2.5 * pairs.length + 1.5;
  const width = Math.min(WIDEST_BAR, box.width / slots);
  const start = box.left + (box.width - slots * width) / 2 + width / 4;
  const below = box.top + box.height + 12;
  if (!base && pairs.every(({ teacher, student }) => !teacher && !student)) {
    const at = { anchor: 'middle', tone: 'faint' } as const;
    return [text('no data', box.left + box.width / 2, box.top + box.height / 2, at)];
  }
  const shapes: Shape[] = [];
  if (base) {
    const level = `M${px(start + width)} ${px(sy(base.mean))}H${px(box.left + box.width)}`;
    shapes.push(...bar(base, start, width, scales, 'base'), {
      kind: 'path',
      d: level,
      stroke: 'base',
      width: 1.5,
      dash: BASE_DASH,
    });
  }
  shapes.push(text('base', start + width / 2, below + 4, { anchor: 'middle', tone: 'faint' }));
  pairs.forEach(({ teacher, student }, group) => {
    const left = start + width * (1.5 + 2.5 * group);
    const tone = toneOf(group);
    if (teacher) shapes.push(...bar(teacher, left, width, scales, tone, true));
    if (student) shapes.push(...bar(student, left + width, width, scales, tone));
    shapes.push(marker(group, left + width / 2, below, 4, true), marker(group, left + width * 1.5, below, 4));
  });
  return shapes;
}

function panelOf(panel: BarsPanel): Panel {
  const { measure, base, pairs } = panel;
  const all = [base, ...pairs.flatMap(({ teacher, student }) => [teacher, student])];
  const highest = Math.max(0, ...all.flatMap(found => (found ? [found.interval?.[1] ?? found.mean] : [])));
  return {
    title: measure.label,
    unit: measure.unit,
    x: { low: 0, high: 1, ticks: [] },
    y: niceAxis(0, measure.share ? 1 : highest, 4),
    height: PANEL_HEIGHT,
    inset: ROW_INSET,
    bare: true,
    layers: [{ draw: scales => bars(panel, scales) }],
  };
}

/** Small multiples, one a measure: base, then each group's teacher (hollow) and student (filled), with 95 % intervals. */
export const barsChart = ({ panels, labels }: BarsFigure, width: number): Chart => ({
  width,
  columns: columnsIn(width),
  panels: panels.map(panelOf),
  legend: labels.map((name, group) => ({ name, group, mark: 'marker' })),
  label: `Base, teachers and students of ${labels.join(', ')}: ${panels.map(({ measure }) => measure.label.toLowerCase()).join('; ')}`,
});
