import { expect } from 'vitest';
import type { Tensor } from '../../gpu/tensor.ts';
import { clipScale, globalNorm } from '../../reference/adamw.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { rowKernelTest, type KernelBench } from '../elementwise/kernel-fixture.ts';
import {
  gradientNorm,
  gradientNormPartialLength,
  readGradientNorm,
  type GradientNormResult,
} from './gradient-norm.ts';

interface Scratch {
  readonly partial: Tensor;
  readonly result: Tensor;
}

function scratch(bench: KernelBench, length: number): Scratch {
  const partial = new Float32Array(gradientNormPartialLength(length)).fill(NaN);
  return { partial: bench.f32('partial', partial), result: bench.f32('result', [NaN, NaN, NaN, NaN]) };
}

async function normOf(
  bench: KernelBench,
  values: ArrayLike<number>,
  maxNorm: number,
): Promise<GradientNormResult> {
  const { length } = values;
  const { partial, result } = scratch(bench, length);
  const encoder = bench.gpu.encoder();
  gradientNorm(encoder, { gradients: bench.f32('g', values), length, maxNorm, partial, result });
  encoder.submit();
  return readGradientNorm(await bench.readU32(result));
}

for (const length of [1, 3, 4, 7, 255, 257, 16_385, 300_001])
  rowKernelTest(`norm and clip scale of ${length} elements agree with the reference`, async bench => {
    const values = Float32Array.from(testRandom(length).normals(length));
    const norm = globalNorm([values]);
    for (const maxNorm of [norm / 3, norm * 3]) {
      const actual = await normOf(bench, values, maxNorm);
      assertClose([actual.norm, actual.clipScale], [norm, clipScale(norm, maxNorm)], 'f32Sum');
      expect(actual.nonFinite).toBe(0);
    }
    expect((await normOf(bench, values, 0)).clipScale).toBe(1);
  });

rowKernelTest('elements whose squares overflow or vanish still have a norm', async bench => {
  const huge = Float32Array.of(3e30, 1, -4e30, 2);
  const actual = await normOf(bench, huge, 1);
  assertClose([actual.norm, actual.clipScale], [5e30, 2e-31], 'f32Sum');
  expect(actual.nonFinite).toBe(0);
  const largest = await normOf(bench, new Float32Array(500).fill(3.4e38), 1);
  expect(largest.norm).toBeGreaterThan(3.3e38);
  expect(Number.isFinite(largest.norm)).toBe(true);
  expect(largest.clipScale).toBeGreaterThanOrEqual(0);
  expect((await normOf(bench, new Float32Array(9), 1)).clipScale).toBe(1);
});

rowKernelTest('infinities and NaNs are counted, kept out of the norm, and stop the step', async bench => {
  const values = Float32Array.from(testRandom(5).normals(1_003));
  const finite = values.slice();
  const broken = [0, 17, 500, 1_002];
  for (const [i, at] of broken.entries()) {
    values[at] = [NaN, Infinity, -Infinity, -NaN][i]!;
    finite[at] = 0;
  }
  const actual = await normOf(bench, values, 1);
  expect(actual).toMatchObject({ clipScale: 0, nonFinite: 4 });
  assertClose([actual.norm], [globalNorm([finite])], 'f32Sum');
});

rowKernelTest('what lies behind the length does not count; a replay gives the same bits', async bench => {
  const length = 4_099;
  const values = Float32Array.from(testRandom(6).normals(length + 3));
  values.fill(NaN, length);
  const x = bench.f32('x', values);
  const runs: Uint32Array[] = [];
  for (let i = 0; i < 2; i++) {
    const { partial, result } = scratch(bench, length);
    const encoder = bench.gpu.encoder();
    gradientNorm(encoder, { gradients: x, length, maxNorm: 0, partial, result });
    encoder.submit();
    runs.push(await bench.readU32(result));
  }
  expect(readGradientNorm(runs[0]!.slice())).toMatchObject({ clipScale: 1, nonFinite: 0 });
  expect(runs[0]).toEqual(runs[1]);
});
