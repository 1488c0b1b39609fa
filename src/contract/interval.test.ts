import { describe, expect, it } from 'vitest';
import { wilsonInterval } from './interval.ts';

describe('wilsonInterval', () => {
  it('agrees with published values', () => {
    // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    const cases = [
      [81 / 263, 263, 0.2553, 0.3662],
      [15 / 148, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1 / 29, 29, 0.0061, 0.1718],
    ] as const;
    for (const [share, count, low, high] of cases) {
      expect(wilsonInterval(share, count)[0]).toBeCloseTo(low, 4);
      expect(wilsonInterval(share, count)[1]).toBeCloseTo(high, 4);
    }
  });

  it('says nothing of no queries', () => {
    expect(wilsonInterval(0, 0)).toEqual([0, 1]);
  });
});
