import { expect, test } from 'vitest';
import { embeddingRuns } from './runs.ts';

test('positions are grouped by id, ascending within an id', () => {
  const { order, runStart, runId, runs } = embeddingRuns(Uint32Array.of(5, 2, 5, 0, 2, 5));
  expect([...order]).toEqual([3, 1, 4, 0, 2, 5]);
  expect([...runStart]).toEqual([0, 1, 3, 6]);
  expect([...runId]).toEqual([0, 2, 5]);
  expect(runs).toBe(3);
});

test('no token makes no run', () => {
  expect(embeddingRuns(new Uint32Array())).toEqual({
    order: new Uint32Array(),
    runStart: Uint32Array.of(0),
    runId: new Uint32Array(),
    runs: 0,
  });
});

test('ids up to 2^32 − 1 sort as numbers', () => {
  const ids = Uint32Array.of(4_294_967_295, 10, 9, 4_294_967_295, 100);
  expect([...embeddingRuns(ids).order]).toEqual([2, 1, 4, 0, 3]);
});
