import { expect, it } from 'vitest';
import { meanInterval } from '../../contract/interval.ts';
import { latestValue, valuesAt } from './plot-values.ts';

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
