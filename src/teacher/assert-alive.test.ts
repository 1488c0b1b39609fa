import { describe, expect, test } from 'vitest';
import { LabError } from '../contract/errors.ts';
import { assertAlive, pulseOf } from './assert-alive.ts';

const VOCAB = 5;

function messageOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    expect((error as LabError).fault.code).toBe('E_TEACHER_DEAD');
    return (error as LabError).message;
  }
  throw new Error('nothing was refused');
}

const check = (...rows: number[][]): void =>
  assertAlive('teacher', pulseOf(Float32Array.from(rows.flat()), VOCAB));

describe('pulseOf', () => {
  test('entropy of known distributions', () => {
    const { entropies, spreads } = pulseOf(
      Float32Array.from([...[7, 7, 7, 7, 7], ...[0, 0, -1000, -1000, -1000]]),
      VOCAB,
    );
    expect(entropies[0]).toBeCloseTo(Math.log(5), 12);
    expect(entropies[1]).toBeCloseTo(Math.log(2), 12);
    expect([...Array.from(spreads!)]).toEqual([0, 1000]);
  });

  test('does not overflow', () => {
    expect(pulseOf(Float32Array.from([1e30, 0, 0, 0, 0]), VOCAB).entropies[0]).toBe(0);
  });
});

describe('assertAlive', () => {
  test('passes a teacher with opinions, even where one position is undecided', () => {
    expect(() => check([4, 0, 1, 0, 0], [0, 0, 0, 0, 0])).not.toThrow();
    expect(() => assertAlive('self', { vocab: 1000, entropies: [2, 3] })).not.toThrow();
  });

  test.each([Number.NaN, Infinity, -Infinity])('refuses a logit of %d', value => {
    expect(messageOf(() => check([4, 0, 1, 0, 0], [4, 0, value, 0, 0]))).toContain('probe position 1');
  });

  test('refuses logits that are all equal', () => {
    expect(messageOf(() => check([2, 2, 2, 2, 2], [0, 0, 0, 0, 0]))).toContain('all equal');
  });

  test('refuses a mean entropy within 1 % of log(vocab), and not one just below', () => {
    const uniform = Math.log(1000);
    const judge = (share: number): void =>
      assertAlive('self', { vocab: 1000, entropies: [uniform * share, uniform * share] });
    expect(messageOf(() => judge(0.991))).toContain('guess among all 1000');
    expect(() => judge(0.989)).not.toThrow();
    expect(messageOf(() => check([1e-3, 0, 0, 0, 0]))).toContain('guess');
  });

  test('refuses entropies of metrics that are not finite, and a probe without positions', () => {
    expect(messageOf(() => assertAlive('self', { vocab: 10, entropies: [1, Number.NaN] }))).toContain(
      'finite',
    );
    expect(() => assertAlive('self', { vocab: 10, entropies: [] })).toThrow(RangeError);
  });
});
