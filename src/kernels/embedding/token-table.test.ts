import { expect, test } from 'vitest';
import type { DType } from '../../gpu/tensor.ts';
import { shardRows, wholeTable, wholeTensor } from './token-table.ts';

const MIB = 2 ** 20;

test.each([
  { vocab: 151_936, dim: 896, dtype: 'f32', limit: 128 * MIB, parts: 5 },
  { vocab: 151_936, dim: 896, dtype: 'f16', limit: 128 * MIB, parts: 3 },
  { vocab: 151_936, dim: 896, dtype: 'q8', limit: 128 * MIB, parts: 2 },
  { vocab: 49_152, dim: 576, dtype: 'f16', limit: 128 * MIB, parts: 1 },
  { vocab: 1_100, dim: 33, dtype: 'f32', limit: 64 * 33 * 4, parts: 18 },
  { vocab: 130, dim: 4, dtype: 'f32', limit: 129 * 16, parts: 2 },
] as const)('$vocab × $dim in $dtype make $parts shards', ({ vocab, dim, dtype, limit, parts }) => {
  const shards = shardRows({ vocab, dim, dtype }, limit);
  expect(shards).toHaveLength(parts);
  const bytes = { f32: 4 * dim, f16: 2 * dim, q8: (36 / 32) * dim }[dtype];
  let next = 0;
  for (const { first, rows } of shards) {
    expect(first).toBe(next);
    expect(first % 64).toBe(0);
    expect(rows).toBeGreaterThan(0);
    expect(rows * bytes).toBeLessThanOrEqual(limit);
    next += rows;
  }
  expect(next).toBe(vocab);
});

test('a limit below 64 rows is refused with what they take', () => {
  expect(() => shardRows({ vocab: 1_000, dim: 896, dtype: 'f32' }, 100_000)).toThrow(
    '64 rows of 896 values take 229376 bytes; 100000 may be bound at once',
  );
});

test('only a whole f32 table has a gradient', () => {
  const tensor = (dtype: DType) => ({
    label: 'table',
    buffer: {} as GPUBuffer,
    offset: 0,
    length: 320,
    dtype,
  });
  const whole = wholeTable(tensor('f32'), 10, 32);
  expect(wholeTensor(whole)).toBe(whole.shards[0]!.tensor);
  expect(() => wholeTensor(wholeTable(tensor('q8'), 10, 32))).toThrow(
    'in 1 parts of type q8 has no gradient',
  );
  expect(() => wholeTensor({ ...whole, shards: [...whole.shards, ...whole.shards] })).toThrow('in 2 parts');
});
