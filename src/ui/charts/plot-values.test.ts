import { expect, it } from 'vitest';
import { logTicks, niceTicks } from './chart-axis.ts';
import { meanInterval } from '../../contract/interval.ts';
import { latestValue } from './plot-values.ts';
import { valuesAt } from './values-at.ts';

it.each([
  [44.2, [0, 10, 20, 30, 40, 50]],
  [1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [0.63, [0, 0.2, 0.4, 0.6, 0.8]],
  [7.6, [0, 2, 4, 6, 8]],
  [0, [0, 0.2, 0.4, 0.6, 0.8, 1]],
])('gives round ticks that reach %f', (value, ticks) => {
  expect(niceTicks(value)).toEqual(ticks);
});

it('keeps the axis when asked for its own end', () => {
  for (const value of [0.07, 0.9, 3, 12, 44, 71, 999]) {
    const ticks = niceTicks(value);
    expect(ticks.at(-1)).toBeGreaterThanOrEqual(value * 0.999);
    expect(niceTicks(ticks.at(-1) ?? 0)).toEqual(ticks);
  }
});

it('goes below 0 where figures do', () => {
  expect(niceTicks(0.4, -0.3)).toEqual([-0.4, -0.2, 0, 0.2, 0.4]);
  expect(niceTicks(-1, -4)).toEqual([-4, -3, -2, -1, 0]);
});

it.each([
  [3, 47, [2, 5, 10, 20, 50]],
  [1, 10, [1, 2, 5, 10]],
  [0.0004, 3, [0.0001, 0.001, 0.01, 0.1, 1, 10]],
  [7, 7, [5, 10]],
])('gives the ticks of a logarithmic axis from %f to %f', (low, high, ticks) => {
  expect(logTicks(low, high)).toEqual(ticks);
});

it('reads a plot at a step: the point itself, the nearer one between two, nothing outside', () => {
  const line = { x: [1, 2, 8], y: [10, 20, 80] };
  const values = {
    raw: line,
    smoothed: line,
    evaluations: [{ step: 2, value: 19, interval: null }],
    base: null,
    teacher: null,
  };
  expect(valuesAt(values, 2)).toMatchObject({ raw: 20, evaluation: 19 });
  expect(valuesAt(values, 6)).toMatchObject({ raw: 80, evaluation: null });
  expect(valuesAt(values, 9).raw).toBeNull();
});

it('says where the student is: by the newer of evaluation and rollouts', () => {
  const smoothed = { x: [1, 2, 3], y: [10, 20, 30] };
  const at = (...steps: number[]) => ({
    raw: smoothed,
    smoothed,
    evaluations: steps.map(step => ({ step, value: 100 + step, interval: null })),
    base: null,
    teacher: null,
  });
  expect(latestValue(at(0, 3))).toBe(103);
  expect(latestValue(at(0))).toBe(30);
  expect(latestValue({ ...at(0), smoothed: { x: [], y: [] } })).toBe(100);
  expect(latestValue({ ...at(), smoothed: { x: [], y: [] } })).toBeNull();
});

it('gives a mean its 95 % interval: x̄ ± 1.96 s / √n, from two queries on', () => {
  const [low, high] = meanInterval([10, 20, 30, 40])!;
  // s² = 500 / 3.
  expect([low, high]).toEqual([25 - 12.6515, 25 + 12.6515].map(end => expect.closeTo(end, 3)));
  expect(meanInterval([0, 0.1, 0, 9])![0]).toBe(0);
  expect(meanInterval([5])).toBeNull();
});
