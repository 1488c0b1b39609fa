import { describe, expect, test } from 'vitest';
import type { Tuning } from '../../gpu/tuning.ts';
import { linearWeightScratchLength } from './linear.ts';
import { backwardInputPlan, backwardWeightPlan, forwardPlan, weightParts } from './plans.ts';

const TUNINGS: readonly Tuning[] = [
  { software: true, rowLanes: 1, rowsPerGroup: 64 },
  { software: false, rowLanes: 64, rowsPerGroup: 1 },
];
const SHAPES = [
  { rows: 1, inDim: 896, outDim: 151_936 },
  { rows: 2_048, inDim: 896, outDim: 151_936 },
  { rows: 2_048, inDim: 151_936, outDim: 896 },
  { rows: 1_000_000, inDim: 96, outDim: 1_100 },
  { rows: 0, inDim: 96, outDim: 96 },
];

describe.each(TUNINGS)('software: $software', tuning => {
  test.each(SHAPES)('$rows rows, $inDim → $outDim stay inside the limits of a dispatch', dims => {
    for (const { workgroups, parts } of [
      forwardPlan(tuning, dims),
      backwardInputPlan(tuning, dims),
      backwardWeightPlan(tuning, dims, 32),
    ]) {
      for (const groups of workgroups) {
        expect(Number.isInteger(groups)).toBe(true);
        expect(groups).toBeLessThanOrEqual(65_535);
      }
      expect(parts).toBeGreaterThanOrEqual(1);
    }
  });

  test('parts of a weight gradient cover all rows', () => {
    for (const rows of [64, 129, 800, 2_047]) {
      const { span, parts } = backwardWeightPlan(tuning, { rows, inDim: 8, outDim: 96 }, 32);
      expect(span * parts * (tuning.software ? 1 : 4)).toBeGreaterThanOrEqual(rows);
    }
  });

  test('scratch bounds the parts', () => {
    const dims = { rows: 2_048, inDim: 8, outDim: 96 };
    expect(backwardWeightPlan(tuning, dims, 32).parts).toBeGreaterThan(2);
    expect(backwardWeightPlan(tuning, dims, 2).parts).toBe(2);
    expect(backwardWeightPlan(tuning, dims, 0).parts).toBe(1);
  });
});

test('scratch holds every part and stays small', () => {
  expect(linearWeightScratchLength({ rows: 2_048, inDim: 8, outDim: 96 })).toBe(32 * 8 * 96);
  expect(linearWeightScratchLength({ rows: 2_048, inDim: 896, outDim: 4_864 })).toBe(0);
  expect(weightParts({ rows: 10, inDim: 8, outDim: 96 })).toBe(1);
});
