import { expect } from 'vitest';
import { rmsNorm, rmsNormBackward as referenceBackward } from '../../reference/rmsnorm.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest, rowKernelTest } from '../elementwise/kernel-fixture.ts';
import { rmsNormBackward, rmsNormForward, rmsNormPartialLength } from './rmsnorm.ts';

const SHAPES = [
  { rows: 1, dim: 1 },
  { rows: 3, dim: 7 },
  { rows: 7, dim: 4 },
  { rows: 17, dim: 96 },
  { rows: 65, dim: 33 },
  { rows: 130, dim: 260 },
  { rows: 257, dim: 24 },
  { rows: 4_097, dim: 8 },
];
const EPS = 1e-5;

/** Float32 values as f64, so that kernel and reference start from the same numbers. */
const f32 = (values: Float64Array): Float32Array => Float32Array.from(values);

for (const dims of SHAPES) {
  const { rows, dim } = dims;
  rowKernelTest(`forward and backward agree with the reference at ${rows}×${dim}`, async bench => {
    const random = testRandom(rows * 1_000 + dim);
    const x = f32(random.normals(rows * dim, 2));
    const gain = f32(random.normals(dim));
    const dy = f32(random.normals(rows * dim));
    const before = { dx: f32(random.normals(rows * dim)), dGain: f32(random.normals(dim)) };
    const tensors = {
      x: bench.f32('x', x),
      gain: bench.f32('gain', gain),
      dy: bench.f32('dy', dy),
    };
    const y = bench.f32('y', new Float32Array(rows * dim));
    const dx = bench.f32('dx', before.dx);
    const dxOnly = bench.f32('dx without dGain', before.dx);
    const dGain = bench.f32('dGain', before.dGain);
    const partial = bench.f32('partial', new Float32Array(rmsNormPartialLength(dims)).fill(NaN));

    const encoder = bench.gpu.encoder();
    rmsNormForward(encoder, { ...tensors, y, ...dims, eps: EPS });
    rmsNormBackward(encoder, { ...tensors, dx, dGain, partial, ...dims, eps: EPS, accumulate: true });
    rmsNormBackward(encoder, { ...tensors, dx: dxOnly, ...dims, eps: EPS });
    encoder.submit();

    const forward = rmsNorm(x, gain, EPS, dims);
    const backward = referenceBackward(dy, x, gain, forward.rstd, dims);
    assertClose(await bench.read(y), forward.y, 'f32Sum', 'y');
    assertClose(await bench.read(dxOnly), backward.dx, 'f32Sum', 'dx');
    assertClose(
      await bench.read(dx),
      backward.dx.map((d, i) => d + before.dx[i]!),
      'f32Sum',
      'dx accumulated',
    );
    assertClose(
      await bench.read(dGain),
      backward.dgain.map((d, i) => d + before.dGain[i]!),
      'f32Sum',
      'dGain',
    );
  });
}

rowKernelTest('rows of zeros, of one huge element and of tiny ones stay finite and right', async bench => {
  const dims = { rows: 3, dim: 8 };
  const x = new Float32Array(24);
  x[9] = 1e15;
  x.fill(1e-12, 16);
  const gain = f32(testRandom(1).normals(8));
  const dy = f32(testRandom(2).normals(24));
  const tensors = { x: bench.f32('x', x), gain: bench.f32('gain', gain), dy: bench.f32('dy', dy) };
  const y = bench.f32('y', new Float32Array(24));
  const dx = bench.f32('dx', new Float32Array(24));
  const encoder = bench.gpu.encoder();
  rmsNormForward(encoder, { ...tensors, y, ...dims, eps: 1e-6 });
  rmsNormBackward(encoder, { ...tensors, dx, ...dims, eps: 1e-6 });
  encoder.submit();
  const forward = rmsNorm(x, gain, 1e-6, dims);
  const backward = referenceBackward(dy, x, gain, forward.rstd, dims);
  const [actualY, actualDx] = [await bench.read(y), await bench.read(dx)];
  for (let r = 0; r < 3; r++) {
    const row = [r * 8, r * 8 + 8] as const;
    assertClose(actualY.subarray(...row), forward.y.subarray(...row), 'f32Sum', `y of row ${r}`);
    assertClose(actualDx.subarray(...row), backward.dx.subarray(...row), 'f32Sum', `dx of row ${r}`);
  }
});

kernelTest('more rows than workgroups in one dimension', async bench => {
  const dims = { rows: 65_536 * bench.gpu.tuning.rowsPerGroup + 3, dim: 1 };
  const x = Float32Array.from({ length: dims.rows }, (_, i) => (i % 251) - 125);
  const y = bench.f32('y', new Float32Array(dims.rows));
  const encoder = bench.gpu.encoder();
  rmsNormForward(encoder, { x: bench.f32('x', x), gain: bench.f32('gain', [3]), y, ...dims, eps: 1 });
  encoder.submit();
  assertClose(await bench.read(y), rmsNorm(x, [3], 1, dims).y, 'f32Elementwise');
});

rowKernelTest('scratch for many rows serves fewer, and short tensors are refused by name', async bench => {
  const lengths = [1, 31, 33, 4_096, 4_097, 5_000, 100_000].map(rows =>
    rmsNormPartialLength({ rows, dim: 40 }),
  );
  expect(lengths).toEqual(lengths.toSorted((a, b) => a - b));
  const [x, gain, y] = [bench.f32('x', [1, 2]), bench.f32('gain', [1, 1]), bench.f32('y', [0])];
  const args = { x, gain, y, rows: 1, dim: 2, eps: EPS };
  expect(() => rmsNormForward(bench.gpu.encoder(), args)).toThrow(
    /rmsNormForward: tensor y has 1 elements, 2/,
  );
  const backward = { x, gain, dy: x, dx: gain, dGain: gain, rows: 1, dim: 2, eps: EPS };
  expect(() => rmsNormBackward(bench.gpu.encoder(), backward)).toThrow(/partial/);
});
