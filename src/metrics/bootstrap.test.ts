import { describe, expect, it } from 'vitest';
import { testRandom } from '../testing/random.ts';
import { bootstrapDifference, bootstrapMean, bootstrapOverSeeds } from './bootstrap.ts';

const random = testRandom(5);
const values = Array.from({ length: 400 }, () => 3 + 2 * random.normal());
const width = ({ low, high }: { low: number; high: number }): number => high - low;

describe('bootstrapMean', () => {
  it('comes near the normal interval of a large sample, 2 · 1.96 s / √n', () => {
    const mean = values.reduce((a, b) => a + b, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const interval = bootstrapMean(values);
    expect(interval.mean).toBeCloseTo(mean, 12);
    const expected = 2 * 1.96 * Math.sqrt(variance / values.length);
    expect(Math.abs(width(interval) / expected - 1)).toBeLessThan(0.08);
    expect(Math.abs((interval.low + interval.high) / 2 - mean)).toBeLessThan(0.05 * expected);
  });

  it('covers the true mean about as often as stated', () => {
    const source = testRandom(11);
    const covered = Array.from({ length: 200 }, (_, seed) => {
      const sample = Array.from({ length: 40 }, () => source.uniform());
      const { low, high } = bootstrapMean(sample, { seed, resamples: 300, level: 0.9 });
      return low <= 0.5 && 0.5 <= high;
    }).filter(Boolean).length;
    // 180 expected; binomial standard deviation 4.2, and small samples cover a little less.
    expect(covered).toBeGreaterThan(165);
    expect(covered).toBeLessThan(194);
  });

  it('repeats with its seed, moves with another, narrows with the level', () => {
    expect(bootstrapMean(values, { seed: 7 })).toEqual(bootstrapMean(values, { seed: 7 }));
    expect(bootstrapMean(values, { seed: 8 })).not.toEqual(bootstrapMean(values, { seed: 7 }));
    expect(width(bootstrapMean(values, { level: 0.5 }))).toBeLessThan(0.5 * width(bootstrapMean(values)));
  });

  it('is a point where all values are equal, and refuses nothing to resample and impossible levels', () => {
    expect(bootstrapMean([2, 2, 2])).toEqual({ mean: 2, low: 2, high: 2 });
    expect(() => bootstrapMean([])).toThrow(/no values/);
    expect(() => bootstrapMean([1], { level: 1 })).toThrow(/level 1/);
  });
});

describe('bootstrapDifference', () => {
  it('cancels what a query does to both', () => {
    const second = values.map(value => value - 0.5 + 0.1 * random.normal());
    const paired = bootstrapDifference(values, second);
    expect(paired.mean).toBeCloseTo(0.5, 1);
    expect(paired.low).toBeGreaterThan(0.47);
    expect(width(paired)).toBeLessThan(0.1 * width(bootstrapMean(values)));
    expect(() => bootstrapDifference(values, [1])).toThrow(/400 values beside 1/);
  });
});

describe('bootstrapOverSeeds', () => {
  it('widens with the spread of the seeds, which more queries do not narrow', () => {
    const seeds = (spread: number, queries: number): number[][] =>
      Array.from({ length: 8 }, (_, seed) =>
        Array.from({ length: queries }, () => spread * (seed - 3.5) + random.normal()),
      );
    const calm = bootstrapOverSeeds(seeds(0, 100));
    const spread = bootstrapOverSeeds(seeds(0.5, 100));
    expect(width(spread)).toBeGreaterThan(3 * width(calm));
    expect(width(bootstrapOverSeeds(seeds(0.5, 400)))).toBeGreaterThan(0.8 * width(spread));
    // Σ (seed − 3.5)² / 8 = 5.25, so the seeds alone give 2 · 1.96 · √(.25 · 5.25 / 8).
    expect(Math.abs(width(spread) / (2 * 1.96 * Math.sqrt((0.25 * 5.25 + 0.01) / 8)) - 1)).toBeLessThan(0.15);
  });

  it('weighs seeds alike whatever their numbers of queries', () => {
    expect(bootstrapOverSeeds([[0, 0, 0, 0], [1]]).mean).toBe(0.5);
    expect(() => bootstrapOverSeeds([[1], []])).toThrow(RangeError);
    expect(() => bootstrapOverSeeds([])).toThrow(RangeError);
  });
});
