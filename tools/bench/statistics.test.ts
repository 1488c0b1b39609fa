import { expect, test } from 'vitest';
import { median, roundRatios, summarise } from './statistics.ts';

test('the median is the middle value, or the mean of the two middle ones', () => {
  expect(median([5])).toBe(5);
  expect(median([9, 1, 4])).toBe(4);
  expect(median([10, 2, 4, 1])).toBe(3);
  expect(() => median([])).toThrow(RangeError);
});

test('the median leaves the order of the values as it was', () => {
  const values = [3, 1, 2];
  median(values);
  expect(values).toEqual([3, 1, 2]);
});

test('a summary holds median and range', () => {
  expect(summarise([8, 2, 4])).toEqual({ median: 4, min: 2, max: 8 });
});

test('a ratio compares what ran in the same round', () => {
  // The second round was ten times slower for both: their ratio stays, those of medians or sums do not.
  expect(roundRatios([30, 3, 40], [20, 2, 10])).toEqual([1.5, 1.5, 4]);
  expect(() => roundRatios([1, 2], [1])).toThrow('ratios of 2 rounds to 1');
});
