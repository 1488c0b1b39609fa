import { expect, it } from 'vitest';
import { niceAxis } from './axis.ts';
import { boxOf, chartDrawing, placesOf, ROW_INSET, scalesOf, type Layer, type Panel } from './chart.ts';

const dots = (points: readonly { readonly x: number; readonly y: number }[]): Layer => ({
  points,
  draw: (_, places) => places.map(({ x, y }) => ({ kind: 'path', d: `M${x} ${y}h0`, stroke: 'ink' })),
});
const panel = (layers: readonly Layer[]): Panel => ({
  x: niceAxis(0, 1),
  y: niceAxis(0, 1),
  height: 170,
  inset: ROW_INSET,
  layers,
});
const scales = scalesOf(panel([]), boxOf(panel([]), 148));

it('takes the places that Recharts has drawn, but those of other points than it has now', () => {
  const [before, now] = [
    dots([{ x: 0, y: 0 }]),
    dots([
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ]),
  ];
  const drawn = before.points!.map(payload => ({ x: 7, y: 8, payload }));
  expect(placesOf(before, scales, drawn)).toEqual([{ x: 7, y: 8 }]);
  const own = [
    { x: 36, y: 130 },
    { x: 136, y: 30 },
  ];
  expect(placesOf(now, scales, drawn)).toEqual(own);
  expect(placesOf(now, scales)).toEqual(own);
  // As many, but others.
  const others = now.points!.map(point => ({ x: 7, y: 8, payload: { ...point } }));
  expect(placesOf(now, scales, others)).toEqual(own);
});

it('puts panels side by side, in rows', () => {
  const one = panel([dots([{ x: 0, y: 0 }])]);
  const { shapes, height } = chartDrawing({ width: 296, columns: 2, panels: [one, one, one], label: '' });
  expect(height).toBe(2 * 170);
  const drawn = shapes.flatMap(shape => (shape.kind === 'path' && shape.d.endsWith('h0') ? [shape.d] : []));
  expect(drawn).toEqual(['M36 130h0', 'M184 130h0', 'M36 300h0']);
});
