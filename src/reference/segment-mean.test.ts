import { expect, test } from 'vitest';
import { segmentMean } from './segment-mean.ts';

test('segments may overlap, leave rows out, and be empty', () => {
  const x = [1, 10, 2, 20, 6, 60];
  expect([...segmentMean(x, [0, 1, 2, 3], [3, 3, 3, 3], 2)]).toEqual([3, 30, 4, 40, 6, 60, 0, 0]);
});
