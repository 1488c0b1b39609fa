import { expect, test } from 'vitest';
import { massLevel, outlines } from './contour.ts';
import { gridPolicy, planeGrid } from './plane-grid.ts';

const GRID = planeGrid(81, 4);
const hill = (s: number, e: number, weight = 1) =>
  ({ mean: [s, e], variance: [0.5, 0.5], covariance: 0, weight }) as const;

test('the region that holds 1 − e^(−½) of a round hill is a circle of one deviation', () => {
  const masses = gridPolicy(GRID, [hill(0.5, -0.25)]);
  const loops = outlines(GRID, masses, massLevel(masses, 1 - Math.exp(-0.5)));
  expect(loops).toHaveLength(1);
  for (const [s, e] of loops[0]!) expect(Math.hypot(s - 0.5, e + 0.25)).toBeCloseTo(Math.sqrt(0.5), 1);
});

test('separate hills have separate outlines, and one cut by the edge is closed along it', () => {
  const apart = gridPolicy(GRID, [hill(-2, 2), hill(2, -2)]);
  expect(outlines(GRID, apart, massLevel(apart, 0.5))).toHaveLength(2);
  const cut = gridPolicy(GRID, [hill(4, 0)]);
  const [loop, ...others] = outlines(GRID, cut, massLevel(cut, 0.8));
  expect(others).toEqual([]);
  expect(Math.max(...loop!.map(([s]) => s))).toBeGreaterThanOrEqual(4);
  expect(outlines(GRID, cut, 2)).toEqual([]);
});
