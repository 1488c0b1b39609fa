import { expect, test } from 'vitest';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { policyMeans } from './chart-coordinates.ts';
import { answerClouds } from './cloud.ts';
import { geometryAxes, shiftRecord, type ByKind } from './shift-record.ts';
import type { Vector } from './linear-algebra.ts';

const DIM = 5;
const random = testRandom(7);
const cloud = (count: number, ...centre: number[]): Vector[] =>
  Array.from({ length: count }, () =>
    Float64Array.from({ length: DIM }, (_, i) => (centre[i] ?? 0) + random.uniform() - 0.5),
  );

test('the means of single answers are push and pull of their shift, whitened and raw', () => {
  const axes = geometryAxes({
    harmful: { refusal: cloud(9, 2, -1), rich: cloud(9, 2, 0, 1), comply: cloud(9) },
    benign: { full: cloud(9, 0, 2), short: cloud(9, 0, -1), refusal: cloud(9, 2, -1) },
  });
  const base: ByKind<Vector> = { harmful: cloud(4), benign: cloud(4, 0, 1) };
  const now: ByKind<Vector> = { harmful: cloud(4, 2), benign: cloud(4, 1, -0.5) };
  const clouds = answerClouds(axes, policyMeans(base), now);
  const shift = shiftRecord(axes, now, base, () => () => 0.5);
  const mean = (values: readonly number[]): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  for (const reading of ['whitened', 'raw'] as const) {
    const { harmful, benign } = clouds[reading];
    expect([harmful.length, benign.length]).toEqual([4, 4]);
    const place = [0, 1, 2].map(i => (mean(harmful.map(p => p[i]!)) + mean(benign.map(p => p[i]!))) / 2);
    const { plain, withRefusals } = shift;
    assertClose(
      place,
      [plain[reading].push, plain[reading].pull, withRefusals[reading].pull],
      'printedThousandths',
      reading,
    );
  }
});
