import { describe, expect, test } from 'vitest';
import { padLeft, planBatches } from './plan-batches.ts';

describe('planBatches', () => {
  const lengths = [5, 2, 5, 3, 2, 9];

  test('fills batches from short to long up to the limit', () => {
    const batches = planBatches(lengths, { padded: true, fits: (rows, longest) => rows * longest <= 10 });
    expect(batches).toEqual([[1, 4, 3], [0, 2], [5]]);
  });

  test('never mixes lengths without padding', () => {
    const batches = planBatches(lengths, { padded: false, fits: () => true });
    expect(batches).toEqual([[1, 4], [3], [0, 2], [5]]);
  });

  test('a sequence that fits no batch goes alone', () => {
    expect(planBatches([7, 7], { padded: true, fits: () => false })).toEqual([[0], [1]]);
  });
});

test('padLeft aligns ends', () => {
  const { length, padding, columns } = padLeft([Uint32Array.of(1, 2, 3), Uint32Array.of(9)], 0);
  expect(length).toBe(3);
  expect(padding).toEqual([0, 2]);
  expect([...columns(0, 3)]).toEqual([1n, 2n, 3n, 0n, 0n, 9n]);
  expect([...columns(1, 3)]).toEqual([2n, 3n, 0n, 9n]);
});
