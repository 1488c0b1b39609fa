import { expect, it } from 'vitest';
import type { GeometryPath } from '../../state/compare/geometry.ts';
import { chartDrawing } from './chart.ts';
import type { Drawing } from './drawing.ts';
import { pathChart } from './path-chart.ts';

const at = (x: number, y: number, step = 0) => ({ step, x, y, seeds: 1 });
const path = (teacher: GeometryPath['teacher']): GeometryPath => ({
  name: 'OPSD',
  group: 0,
  points: [at(0, 0), at(0.6, -0.5, 20)],
  teacher,
});
const texts = ({ shapes }: Drawing): readonly string[] =>
  shapes.flatMap(shape => (shape.kind === 'text' ? [shape.text] : []));

it('draws a teacher where it was measured, inside the frame, named and in the legend', () => {
  const drawn = chartDrawing(pathChart({ axis: 'plain', paths: [path(at(1.6, -1.4))] }, 330));
  expect(texts(drawn)).toEqual(expect.arrayContaining(['OPSD: teacher', 'teacher with constitution']));
  const without = chartDrawing(pathChart({ axis: 'plain', paths: [path(null)] }, 330));
  expect(texts(without).filter(text => text.includes('teacher'))).toEqual([]);
  // One hollow marker at its place, one in the legend.
  const hollow = ({ shapes }: Drawing): number =>
    shapes.filter(shape => shape.kind === 'path' && shape.fill === 'ground').length;
  expect(hollow(drawn) - hollow(without)).toBe(2);
});
