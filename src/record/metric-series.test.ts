import { describe, expect, it } from 'vitest';
import { MetricSeries } from './metric-series.ts';
import { fixtureStep } from './record-fixture.ts';
import type { StepRecord } from './run-record.ts';

const record = (step: number, length = step): StepRecord =>
  fixtureStep(step, { length, kinds: { benign: { rollouts: 5, length, refusal: 0.2, reverseKl: 0.3 } } });

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
