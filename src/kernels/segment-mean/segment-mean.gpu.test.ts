import { expect } from 'vitest';
import { segmentMean as reference } from '../../reference/segment-mean.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest } from '../elementwise/kernel-fixture.ts';
import { segmentMean } from './segment-mean.ts';

/** rows, segments, dim */
const SHAPES = [
  [1, 1, 1],
  [7, 3, 5],
  [33, 9, 96],
  [130, 17, 33],
  [700, 2, 4],
] as const;

for (const [rows, segments, dim] of SHAPES)
  kernelTest(`means of ${segments} segments of ${rows} rows of ${dim}`, async bench => {
    const random = testRandom(rows * 1_000 + dim);
    const x = random.normals(rows * dim).map(value => value + 1);
    const start = Array.from({ length: segments }, () => random.integer(rows));
    const end = start.map((first, s) => (s === 1 ? first : first + 1 + random.integer(rows - first)));
    const y = bench.f32('y', new Float32Array(segments * dim).fill(Number.NaN));
    const encoder = bench.gpu.encoder();
    segmentMean(encoder, {
      x: bench.f32('x', x),
      start: bench.u32('start', start),
      end: bench.u32('end', end),
      y,
      segments,
      dim,
    });
    encoder.submit();
    assertClose(await bench.read(y), reference(Float32Array.from(x), start, end, dim), 'f32Sum');
  });

kernelTest('a tensor that is too short is refused', async bench => {
  const [x, y] = [bench.f32('x', [1, 2]), bench.f32('y', [0, 0])];
  const [start, end] = [bench.u32('start', [0, 0]), bench.u32('end', [1])];
  const args = { x, start, end, y, segments: 2, dim: 1 };
  expect(() => segmentMean(bench.gpu.encoder(), args)).toThrow('end has 1 elements, 2 are needed');
});
