import { expect, test } from 'vitest';
import { DEFAULT_HEAD_BUDGET, headChunkRows, headScratchLengths } from './head-chunks.ts';

test.each([
  [151_936, 896, DEFAULT_HEAD_BUDGET],
  [151_936, 1024, 64 * 2 ** 20],
  [49_152, 576, DEFAULT_HEAD_BUDGET],
  [1_100, 96, DEFAULT_HEAD_BUDGET],
  [331, 17, 2 ** 18],
])(
  'logits of %i entries at width %i stay within %i bytes and fill most of them',
  (vocab, dim, budgetBytes) => {
    for (const teacher of [true, false]) {
      const { studentLogits, teacherLogits } = headScratchLengths({
        vocab,
        dim,
        teacher,
        budgetBytes,
        tokens: 1e6,
      });
      const bytes = 4 * (studentLogits + teacherLogits);
      expect(bytes).toBeLessThanOrEqual(budgetBytes);
      expect(bytes).toBeGreaterThan(budgetBytes / 2);
      expect(teacherLogits).toBe(teacher ? studentLogits : 0);
      expect(((studentLogits / vocab) * dim) % 64).toBe(0);
    }
  },
);

test('a small batch takes no more than it needs', () => {
  const lengths = headScratchLengths({ vocab: 331, dim: 96, tokens: 7, teacher: true });
  expect(lengths).toEqual({ studentLogits: 7 * 331, teacherLogits: 7 * 331 });
});

test('a budget below one step of tokens is refused with what it takes', () => {
  const args = { vocab: 151_936, dim: 33, teacher: true, budgetBytes: DEFAULT_HEAD_BUDGET };
  expect(() => headChunkRows(args)).toThrow(`64 tokens of 151936 entries take ${64 * 2 * 4 * 151_936}`);
});

test('a teacher of another width makes the longer step hold', () => {
  const args = { vocab: 49_152, dim: 576, teacher: true, budgetBytes: 2 * 4 * 49_152 * 37 };
  expect(headChunkRows(args)).toBe(37);
  expect(headChunkRows({ ...args, teacherDim: 96 })).toBe(36);
  expect(headChunkRows({ ...args, dim: 96, teacherDim: 80 })).toBe(36);
  expect(headChunkRows({ ...args, teacherDim: 24 })).toBe(32);
});
