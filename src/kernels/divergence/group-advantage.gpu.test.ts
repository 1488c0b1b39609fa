import { expect } from 'vitest';
import * as reference from '../../reference/advantage.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { rowKernelTest } from '../elementwise/kernel-fixture.ts';
import { METRIC, METRIC_COLUMNS } from './divergence-rows.ts';
import { groupAdvantage } from './group-advantage.ts';

/** Log-probabilities of `groupOf.length` tokens; the reward is clipped at both ends for some. */
function randomTokens(groupOf: readonly number[], seed: number) {
  const random = testRandom(seed);
  const metrics = Float32Array.from(random.normals(groupOf.length * METRIC_COLUMNS, 3));
  const column = (index: number) =>
    Float32Array.from(groupOf, (_, t) => metrics[t * METRIC_COLUMNS + index]!);
  return {
    metrics,
    teacherLogProb: column(METRIC.teacherLogProb),
    studentLogProb: column(METRIC.studentLogProb),
    weight: Float32Array.from(groupOf, (_, t) => (t % 5 === 2 ? 0 : 0.25)),
  };
}

function ranges(sizes: readonly number[]) {
  const end = sizes.map((_, g) => sizes.slice(0, g + 1).reduce((sum, size) => sum + size, 0));
  return { start: end.map((value, g) => value - sizes[g]!), end };
}

const rewards = [undefined, { min: -1, max: 0.5, offset: 0.3 }] as const;
for (const options of rewards)
  rowKernelTest(
    `advantages of groups of many sizes agree with f64: reward ${options?.max ?? 5} at most`,
    async bench => {
      const sizes = [1, 2, 3, 65, 0, 700, 17];
      const groupOf = sizes.flatMap((size, g) => new Array<number>(size).fill(g));
      const { metrics, teacherLogProb, studentLogProb, weight } = randomTokens(groupOf, 7);
      const { start, end } = ranges(sizes);
      const advantage = bench.f32('advantage', new Float32Array(groupOf.length).fill(NaN));
      const tokenMetrics = bench.f32('metrics', metrics);
      const encoder = bench.gpu.encoder();
      groupAdvantage(encoder, {
        metrics: tokenMetrics,
        weight: bench.f32('weight', weight),
        groups: { start: bench.u32('start', start), end: bench.u32('end', end), count: sizes.length },
        advantage,
        ...(options && { reward: options }),
      });
      encoder.submit();
      const reward = reference.sampledTokenReward(teacherLogProb, studentLogProb, options);
      const expected = reference.groupAdvantage(reward, weight, groupOf);
      const actual = await bench.read(advantage);
      assertClose(actual, expected, 'f32Sum', 'advantage');
      expect(actual[0]).toBe(0);
      const after = await bench.read(tokenMetrics);
      assertClose(
        Float32Array.from(groupOf, (_, t) => after[t * METRIC_COLUMNS + METRIC.loss]!),
        Float64Array.from(expected, (a, t) => -a * studentLogProb[t]!),
        'f32Sum',
        'loss',
      );
    },
  );

rowKernelTest(
  'a group of equal rewards prefers nothing: the rounding of its mean is not divided by its deviation',
  async bench => {
    const count = 999;
    const metrics = new Float32Array(count * METRIC_COLUMNS);
    for (let t = 0; t < count; t++) {
      metrics[t * METRIC_COLUMNS + METRIC.teacherLogProb] = -1.1;
      metrics[t * METRIC_COLUMNS + METRIC.studentLogProb] = -2.4;
    }
    const advantage = bench.f32('advantage', new Float32Array(count));
    const encoder = bench.gpu.encoder();
    groupAdvantage(encoder, {
      metrics: bench.f32('metrics', metrics),
      weight: bench.f32('weight', new Float32Array(count).fill(1)),
      groups: { start: bench.u32('start', [0]), end: bench.u32('end', [count]), count: 1 },
      advantage,
    });
    encoder.submit();
    expect(Math.max(...(await bench.read(advantage)).map(Math.abs))).toBeLessThan(1e-4);
  },
);

rowKernelTest('a log-probability that is not a number reaches every advantage of its group', async bench => {
  const metrics = new Float32Array(4 * METRIC_COLUMNS);
  metrics[1 * METRIC_COLUMNS + METRIC.teacherLogProb] = NaN;
  const advantage = bench.f32('advantage', new Float32Array(4));
  const encoder = bench.gpu.encoder();
  groupAdvantage(encoder, {
    metrics: bench.f32('metrics', metrics),
    weight: bench.f32('weight', [1, 1, 1, 1]),
    groups: { start: bench.u32('start', [0, 2]), end: bench.u32('end', [2, 4]), count: 2 },
    advantage,
  });
  encoder.submit();
  expect([...(await bench.read(advantage))].map(Number.isNaN)).toEqual([true, true, false, false]);
});

rowKernelTest('a reward without room between its bounds is refused', async bench => {
  const [tensor, advantage] = [bench.f32('tensor', [0]), bench.f32('advantage', [7])];
  const indices = bench.u32('indices', [0]);
  const encoder = bench.gpu.encoder();
  const groups = { start: indices, end: indices, count: 1 };
  const args = { metrics: tensor, weight: tensor, groups };
  expect(() => groupAdvantage(encoder, { ...args, advantage, reward: { min: 6 } })).toThrow(
    'reward bounds 6 and 5: must be finite, the first below the second',
  );
  encoder.submit();
  expect([...(await bench.read(advantage))]).toEqual([7]);
});
