import { expect, test } from 'vitest';
import { wholePercents } from './whole-percents.ts';

test('each whole percent is told once, the last one too', () => {
  const told: number[] = [];
  const progress = wholePercents(percent => told.push(percent));
  for (let done = 0; done <= 1_000; done++) progress(done, 1_000);
  expect(told).toEqual(Array.from({ length: 101 }, (_, percent) => percent));
});
