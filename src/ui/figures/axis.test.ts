import { expect, it } from 'vitest';
import { logAxis, niceAxis, scaleOf, stepAxis, tickText } from './axis.ts';

it.each([
  [0, 44.2, [0, 10, 20, 30, 40, 50]],
  [0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]],
  [0, 0.63, [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7]],
  [0, 7.6, [0, 2, 4, 6, 8]],
  [0, 0, [0, 0.1, 0.2, 0.3, 0.4, 0.5]],
  [-0.3, 0.4, [-0.3, -0.2, -0.1, 0, 0.1, 0.2, 0.3, 0.4]],
  [-4, 0, [-4, -3, -2, -1, 0]],
])('gives round ticks that take in %f and %f', (low, high, ticks) => {
  const axis = niceAxis(low, high);
  expect(axis.ticks).toEqual(ticks);
  expect([axis.low, axis.high]).toEqual([ticks[0], ticks.at(-1)]);
});

it('keeps the axis when asked for its own end', () => {
  for (const value of [0.07, 0.9, 3, 12, 44, 71, 999]) {
    const { high, ticks } = niceAxis(0, value);
    expect(high).toBeGreaterThanOrEqual(value * 0.999);
    expect(niceAxis(0, high).ticks).toEqual(ticks);
  }
});

it.each([
  [3, 47, [2, 5, 10, 20, 50]],
  [1, 10, [1, 2, 5, 10]],
  [0.0004, 3, [0.0001, 0.001, 0.01, 0.1, 1, 10]],
  [7, 7, [5, 10]],
])('gives the ticks of a logarithmic axis from %f to %f', (low, high, ticks) => {
  expect(logAxis(low, high).ticks).toEqual(ticks);
});

it('counts steps in whole numbers and ends where the run does', () => {
  expect(stepAxis(3)).toMatchObject({ high: 3, ticks: [0, 1, 2, 3] });
  expect(stepAxis(60)).toMatchObject({ high: 60, ticks: [0, 10, 20, 30, 40, 50, 60] });
  expect(stepAxis(47).ticks.at(-1)).toBeLessThanOrEqual(47);
});

it('puts equal ratios equally far on a logarithmic axis, where 0 has no place', () => {
  const at = scaleOf(logAxis(1, 100), 0, 200);
  expect([1, 10, 100].map(at)).toEqual([0, 100, 200].map(place => expect.closeTo(place, 6)));
  expect(Number.isFinite(at(0))).toBe(false);
});

it('writes ticks in few characters', () => {
  expect([30_000, 2e6, -0.5, 0, 0.0004].map(tickText)).toEqual(['30k', '2M', '−0.5', '0', '4e−4']);
});
