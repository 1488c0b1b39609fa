import { describe, expect, it } from 'vitest';
import { assertClose, compare } from './compare.ts';

describe('compare', () => {
  it('accepts what abs, rel and ofMax together allow, and nothing more', () => {
    // f32Sum: 1e-7 + 1e-5 · |expected| + 3e-6 · 100 for the first element.
    const allowed = 1e-7 + 1e-5 * 2 + 3e-6 * 100;
    expect(compare([2 + 0.99 * allowed, 100], [2, 100], 'f32Sum').ok).toBe(true);
    const beyond = compare([2 + 1.01 * allowed, 100], [2, 100], 'f32Sum');
    expect(beyond).toMatchObject({ ok: false, failures: 1 });
    expect(beyond.worstRatio).toBeCloseTo(1.01, 6);
  });

  it('names the worst element, both values and the tolerance', () => {
    const bad = (): void => assertClose([1, 2.5, 3.1], [1, 2, 3], 'f32Loss', 'row losses');
    expect(bad).toThrow(/row losses: 2 of 3 beyond f32Loss .*worst at 1: actual 2.5, expected 2,/);
  });

  it.each([
    [[Number.NaN], [1]],
    [[Number.NaN], [Number.NaN]],
    [[1], [Number.NaN]],
    [[Infinity], [1e308]],
    [[1], [Infinity]],
    [[Infinity], [-Infinity]],
  ])('refuses %j for %j', (actual, expected) => {
    expect(compare(actual, expected, 'q8Weights').ok).toBe(false);
  });

  it('accepts equal infinities, and zero for negative zero', () => {
    expect(compare([Infinity, -Infinity, -0], [Infinity, -Infinity, 0], 'exact').ok).toBe(true);
  });

  it('refuses another length, even of a prefix', () => {
    expect(() => assertClose([1, 2], [1, 2, 3], 'q8Weights')).toThrow(/length 2, expected 3/);
  });

  it('takes exact literally', () => {
    expect(compare([1 + Number.EPSILON], [1], 'exact').ok).toBe(false);
  });
});
