import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { AnswerPlace } from '../../record/geometry-record.ts';
import type { RunRecord } from '../../record/run-record.ts';
import { leakageLines, measuredPicture } from '../../state/geometry/measured.ts';
import { NO_PUSH } from '../../state/geometry/measured-tables.ts';
import { chartDrawing } from '../figures/chart.ts';
import type { Drawing } from '../figures/drawing.ts';
import { leakageChart } from './leakage-chart.ts';
import { measuredChart } from './measured-chart.ts';

const record = JSON.parse(readFileSync('public/runs/opsd-1.json', 'utf8')) as RunRecord;
const answers: readonly AnswerPlace[] = [
  [1, 2, 3],
  [30, -1, -2],
];
const cloud = { harmful: answers, benign: answers };
const geometry = record.geometry.map(place => ({ ...place, cloud: { whitened: cloud, raw: cloud } }));
const reading = { axis: 'withRefusals', scale: 'whitened' } as const;
const texts = ({ shapes }: Drawing): readonly string[] =>
  shapes.flatMap(shape => (shape.kind === 'text' ? [shape.text] : []));

it('draws single answers, within the frame, and a teacher where they were measured', () => {
  const baseline = { ...record.geometryBaseline!, teacher: geometry.at(-1)! };
  const picture = measuredPicture({ geometry, geometryBaseline: baseline }, reading)!;
  const drawn = chartDrawing(measuredChart(picture, picture.places.at(-1)!, 600));
  expect(texts(drawn)).toEqual(expect.arrayContaining(['Base', 'Teacher', 'Student, step 60']));
  const dots = drawn.shapes.filter(shape => shape.kind === 'path' && shape.fillOpacity === 0.55);
  expect(dots).toHaveLength(3);
  for (const shape of dots)
    for (const [, x] of (shape.kind === 'path' ? shape.d : '').matchAll(/M(-?[\d.]+) /g))
      expect(Number(x)).toBeLessThan(600);
  const without = measuredPicture(record, reading)!;
  expect(texts(chartDrawing(measuredChart(without, without.places[0]!, 600)))).not.toContain('Teacher');
});

it('says in its place where no push was measured, and names the control, wide or narrow', () => {
  const picture = measuredPicture(record, reading)!;
  for (const width of [330, 700]) {
    const drawn = chartDrawing(leakageChart(leakageLines(picture, picture.places[0]!), width));
    expect(texts(drawn)).toEqual(expect.arrayContaining([NO_PUSH, 'control: its words shuffled']));
  }
});
