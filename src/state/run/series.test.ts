import { describe, expect, it } from 'vitest';
import type { StepRecord } from '../../record/run-record.ts';
import { binMinMax } from '../charts/binning.ts';
import { wilsonInterval } from '../charts/interval.ts';
import { MetricSeries } from '../../record/metric-series.ts';
import { smooth } from '../charts/smoothing.ts';

const record = (step: number, length = step): StepRecord => ({
  step,
  loss: 0.5,
  reverseKl: 0.4,
  studentEntropy: 0.7,
  teacherEntropy: 0.6,
  length,
  gradientNorm: 1,
  learningRate: 5e-4,
  tokens: 400,
  seconds: 1,
  rolloutSeconds: 0.5,
  kinds: { benign: { rollouts: 5, length, refusal: 0.2, reverseKl: 0.3 } },
});

describe('MetricSeries', () => {
  it('gives back the records it was given, beyond its first capacity', () => {
    const series = new MetricSeries();
    const records = Array.from({ length: 700 }, (_, i) => record(i + 1));
    for (const each of records) series.append(each);
    expect(series.rows).toBe(700);
    expect(series.toRecords()).toEqual(records);
  });

  it('marks kinds without rollouts as not a number, and leaves them out of records', () => {
    const series = new MetricSeries();
    series.append(record(1));
    expect(series.column('harmful.length')[0]).toBeNaN();
    expect(Object.keys(series.toRecords()[0]?.kinds ?? {})).toEqual(['benign']);
  });

  it('cuts what follows when a step is reported again', () => {
    const series = new MetricSeries();
    for (const step of [1, 2, 3, 4]) series.append(record(step));
    series.append(record(3, 99));
    expect([...series.steps]).toEqual([1, 2, 3]);
    expect(series.column('length')[2]).toBe(99);
  });

  it('truncates after a step', () => {
    const series = new MetricSeries();
    for (const step of [1, 2, 3]) series.append(record(step));
    series.truncate(1);
    expect([...series.steps]).toEqual([1]);
  });
});

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
