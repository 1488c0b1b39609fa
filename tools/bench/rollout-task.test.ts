import { expect, test } from 'vitest';
import { equalShare } from './rollout-task.ts';

test('answers are equal when every token is, whatever holds them', () => {
  const ours = [Uint32Array.of(1, 2, 3), Uint32Array.of(4, 5, 6)];
  expect(
    equalShare(ours, [
      [1, 2, 3],
      [4, 5, 6],
    ]),
  ).toBe(1);
  expect(
    equalShare(ours, [
      [1, 2, 3],
      [4, 5, 7],
    ]),
  ).toBe(0.5);
});

test('an answer that goes on is another one', () => {
  expect(equalShare([[1, 2]], [[1, 2, 3]])).toBe(0);
  expect(equalShare([[1, 2, 3]], [[1, 2]])).toBe(0);
});

test('batches of different sizes are not compared', () => {
  expect(() => equalShare([[1]], [[1], [2]])).toThrow('1 answers cannot be compared with 2');
  expect(() => equalShare([], [])).toThrow(RangeError);
});
