import { expect, test } from 'vitest';
import type { BenchmarkReport } from '../../src/record/benchmark-report.ts';
import { reportTable } from './benchmarks.ts';

test('a table has the headlines in percent, then every other metric', () => {
  const metric = (mean: number, items: number) => ({ mean, halfWidth: 0.05, items });
  const report: BenchmarkReport = {
    format: 'copsd-benchmarks',
    version: 1,
    model: 'tiny',
    weightsSha256: '',
    seed: 1,
    limit: null,
    constitution: null,
    benchmarks: [
      {
        name: 'guard',
        role: 'VLGuard',
        headline: 'right',
        metrics: { harmfulRefusal: metric(0.25, 30), right: metric(0.813, 90) },
      },
      { name: 'sums', role: 'MathVista', headline: 'accuracy', metrics: { accuracy: metric(1, 4) } },
    ],
  };
  const [headings, guard, sums, , , rest] = reportTable(report).split('\n');
  expect(headings).toMatch(/^benchmark .* % +items$/);
  expect(guard).toMatch(/^guard +VLGuard +right +81\.3 ±5\.0 +90$/);
  expect(sums).toMatch(/accuracy +100\.0 ±5\.0 +4$/);
  expect(rest).toBe('guard: harmfulRefusal 25.0 ±5.0');
});
