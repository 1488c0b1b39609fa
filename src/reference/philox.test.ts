import { describe, expect, it } from 'vitest';
import { philox4x32, sampleUniform, uniform24 } from './philox.ts';

describe('philox4x32', () => {
  // Known answers of the Random123 distribution (kat_vectors, philox4x32 with 10 rounds).
  it.each([
    { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ] as const)('answers $words for counter $counter', ({ counter, key, words }) => {
    expect(philox4x32(counter, key)).toEqual(words);
  });
});

describe('sampleUniform', () => {
  it('takes 24 bits, so that 1 is never reached and f32 holds it exactly', () => {
    expect(uniform24(0xffffffff)).toBe(1 - 2 ** -24);
    expect(Math.fround(uniform24(0xffffffff))).toBe(uniform24(0xffffffff));
    expect(uniform24(0xff)).toBe(0);
    expect(sampleUniform({ seed: 0, stream: 0, step: 0, row: 0 })).toBe(0x6627e8 / 2 ** 24);
  });

  it('is uniform, and different for each part of its key', () => {
    const draws = Array.from({ length: 4000 }, (_, row) =>
      sampleUniform({ seed: 7, stream: 1, step: 2, row }),
    );
    const buckets = new Array<number>(10).fill(0);
    for (const u of draws) buckets[Math.floor(u * 10)]!++;
    const chiSquare = buckets.reduce((sum, n) => sum + (n - 400) ** 2 / 400, 0);
    expect(chiSquare).toBeLessThan(27.9); // 0.1 % point with 9 degrees of freedom
    const base = { seed: 7, stream: 1, step: 2, row: 3 };
    const variants = [base, { ...base, seed: 8 }, { ...base, stream: 2 }, { ...base, step: 3 }];
    expect(new Set(variants.map(sampleUniform)).size).toBe(4);
  });
});
