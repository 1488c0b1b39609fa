import { expect, test } from 'vitest';
import { extremeEntries, likeliestTokens } from './row-entries.ts';

test('the likeliest tokens are in order, equal ones by id, with logarithms of shares of one', () => {
  const row = [1, 3, 2, 3, -1e30].map(Math.fround);
  const { ids, values, target } = likeliestTokens(row, 2, 5);
  expect(ids).toEqual([1, 3, 2, 0, 4]);
  expect(values.reduce((sum, value) => sum + Math.exp(value), 0)).toBeCloseTo(1, 12);
  expect(target).toBe(values[2]);
});

test('entries of a gradient go from either end', () => {
  const row = [0.25, -0.5, 0, 0.25, -0.5];
  expect(extremeEntries(row, 0, 2, 'smallest')).toEqual({ ids: [1, 4], values: [-0.5, -0.5], target: 0.25 });
  expect(extremeEntries(row, 2, 3, 'largest')).toEqual({
    ids: [0, 3, 2],
    values: [0.25, 0.25, 0],
    target: 0,
  });
});
