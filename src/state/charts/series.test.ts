import { describe, expect, it } from 'vitest';
import { binMinMax } from './binning.ts';
import { smooth } from './smoothing.ts';

describe('smooth', () => {
  it('is the debiased moving average', () => {
    const [first, second, third] = smooth([1, 3, 2], 0.5);
    expect(first).toBe(1);
    expect(second).toBeCloseTo((0.5 * 1 + 3) / 1.5, 12);
    expect(third).toBeCloseTo((0.25 * 1 + 0.5 * 3 + 2) / 1.75, 12);
  });

  it('skips what is not finite and starts with the first value', () => {
    expect([...smooth([NaN, 2, NaN], 0.9)]).toEqual([NaN, 2, 2]);
  });

  it('returns the values themselves at weight 0', () => {
    expect([...smooth([1, 5, 2], 0)]).toEqual([1, 5, 2]);
  });
});

describe('binMinMax', () => {
  it('passes few points and drops those that are not finite', () => {
    expect(binMinMax({ x: [1, 2, 3], y: [4, NaN, 6] }, 10)).toEqual({ x: [1, 3], y: [4, 6] });
  });

  it('keeps every extreme within the limit, in order of x', () => {
    const x = Array.from({ length: 5_000 }, (_, i) => i);
    const y = x.map(i => (i === 1_234 ? 50 : i === 4_321 ? -50 : Math.sin(i)));
    const binned = binMinMax({ x, y }, 300);
    expect(binned.x.length).toBeLessThanOrEqual(300);
    expect(Math.max(...binned.y)).toBe(50);
    expect(Math.min(...binned.y)).toBe(-50);
    expect(binned.x).toEqual([...binned.x].sort((a, b) => a - b));
  });
});
