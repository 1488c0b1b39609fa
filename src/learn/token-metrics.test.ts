import { expect, test } from 'vitest';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { assertClose } from '../testing/compare.ts';
import { columnMean, participatingMean, tokenWeights } from './token-metrics.ts';

/** Three responses of 3, 1 and 4 tokens. */
const written = (skipFirst: number, start: readonly number[] = [0, 3, 4, 8]): Float32Array =>
  tokenWeights(start, skipFirst);

test('every token of a batch weighs the same, and all together 1', () => {
  assertClose(written(0), Array<number>(8).fill(1 / 8), 'f32Elementwise');
});

test('the first tokens of each response are left out, also all of a response that is shorter', () => {
  const third = 1 / 3;
  assertClose(written(2), [0, 0, third, 0, 0, 0, third, third], 'f32Elementwise');
  expect(written(2)[3]).toBe(0);
  expect([...written(4)]).toEqual(Array<number>(8).fill(0));
  assertClose(written(3), [0, 0, 0, 0, 0, 0, 0, 1], 'exact');
  expect(written(1, [])).toHaveLength(0);
});

test('the mean of what takes part is over the tokens that have a weight', () => {
  const columns = new Float32Array(8 * METRIC_COLUMNS);
  for (let token = 0; token < 8; token++) columns[token * METRIC_COLUMNS + METRIC.loss] = token;
  const metrics = { columns, start: [0, 3, 4, 8] };
  for (const skip of [0, 1, 2, 3]) {
    const weights = written(skip);
    const mean = weights.reduce((sum, weight, token) => sum + weight * token, 0);
    assertClose([participatingMean(metrics, METRIC.loss, skip)!], [mean], 'f32Elementwise', `skip ${skip}`);
  }
  expect(participatingMean(metrics, METRIC.loss, 0)).toBe(columnMean(metrics, METRIC.loss));
  expect(participatingMean(metrics, METRIC.loss, 4)).toBeNull();
});
