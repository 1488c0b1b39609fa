import { expect } from 'vitest';
import type { Tensor } from '../../gpu/tensor.ts';
import * as reference from '../../reference/linear.ts';
import { packF16, packQ8, unpackF16, unpackQ8 } from '../../reference/weight-storage.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest, rowKernelTest, type KernelBench } from '../elementwise/kernel-fixture.ts';
import { linearBackwardInput, linearBackwardWeight, linearForward } from './linear.ts';

const STORED = {
  f16: { pack: packF16, unpack: unpackF16 },
  q8: { pack: packQ8, unpack: unpackQ8 },
} as const;

/** Decoding, panels and tiles; sums and results that fill no panel, no tile and no quad. */
const SHAPES = [
  { storage: 'f16', rows: 1, inDim: 4, outDim: 3 },
  { storage: 'f16', rows: 5, inDim: 36, outDim: 33 },
  { storage: 'f16', rows: 33, inDim: 20, outDim: 70 },
  { storage: 'f16', rows: 130, inDim: 100, outDim: 64 },
  { storage: 'q8', rows: 1, inDim: 32, outDim: 7 },
  { storage: 'q8', rows: 9, inDim: 96, outDim: 36 },
  { storage: 'q8', rows: 40, inDim: 64, outDim: 65 },
  { storage: 'q8', rows: 129, inDim: 160, outDim: 132 },
] as const;

const normals = (seed: number, length: number): Float32Array =>
  Float32Array.from(testRandom(seed).normals(length));

function storedWeight(bench: KernelBench, storage: keyof typeof STORED, values: Float32Array) {
  const { pack, unpack } = STORED[storage];
  const words = pack(values);
  const tensor: Tensor = { ...bench.u32('weight', words), dtype: storage, length: values.length };
  return { tensor, values: unpack(words) };
}

for (const { storage, ...dims } of SHAPES) {
  const { rows, inDim, outDim } = dims;
  rowKernelTest(`weights in ${storage}, ${rows} rows, ${inDim} → ${outDim}: as their values`, async bench => {
    const [x, dy, bias] = [normals(1, rows * inDim), normals(2, rows * outDim), normals(3, outDim)];
    const weight = storedWeight(bench, storage, normals(4, outDim * inDim));
    const y = bench.f32('y', new Float32Array(rows * outDim).fill(NaN));
    const dx = bench.f32('dx', x);
    const encoder = bench.gpu.encoder();
    linearForward(encoder, {
      x: bench.f32('x', x),
      weight: weight.tensor,
      bias: bench.f32('bias', bias),
      y,
      ...dims,
    });
    linearBackwardInput(encoder, {
      dy: bench.f32('dy', dy),
      weight: weight.tensor,
      dx,
      accumulate: true,
      scale: 0.5,
      ...dims,
    });
    encoder.submit();
    assertClose(await bench.read(y), reference.linear(x, weight.values, dims, bias), 'f32Sum', 'y');
    const product = reference.linearBackwardInput(dy, weight.values, dims);
    assertClose(
      await bench.read(dx),
      product.map((value, i) => x[i]! + 0.5 * value),
      'f32Sum',
      'dx',
    );
  });
}

/** start, outDim, stride: whole vectors, and none. */
const COLUMNS = [
  [0, 64, 100],
  [64, 36, 100],
  [4, 1, 7],
  [3, 5, 9],
] as const;

for (const [start, outDim, stride] of COLUMNS)
  rowKernelTest(`columns ${start}–${start + outDim} of ${stride}: the others stay`, async bench => {
    const dims = { rows: 19, inDim: 12, outDim };
    const { rows, inDim } = dims;
    const columns = { start, stride };
    const [x, weight, wide] = [
      normals(1, rows * inDim),
      normals(2, outDim * inDim),
      normals(3, rows * stride),
    ];
    const own = (row: number, column: number): number => row * stride + start + column;
    const dy = Float32Array.from(
      { length: rows * outDim },
      (_, i) => wide[own(Math.floor(i / outDim), i % outDim)]!,
    );
    const y = bench.f32('y', wide);
    const dx = bench.f32('dx', new Float32Array(rows * inDim));
    const dWeight = bench.f32('dWeight', new Float32Array(outDim * inDim));
    const inputs = { x: bench.f32('x', x), weight: bench.f32('weight', weight), dy: bench.f32('dy', wide) };
    const encoder = bench.gpu.encoder();
    linearForward(encoder, { ...inputs, y, columns, ...dims });
    linearBackwardInput(encoder, { ...inputs, dx, columns, ...dims });
    linearBackwardWeight(encoder, { ...inputs, dWeight, columns, ...dims });
    encoder.submit();
    const expected = Float64Array.from(wide);
    for (const [i, value] of reference.linear(x, weight, dims).entries())
      expected[own(Math.floor(i / outDim), i % outDim)] = value;
    const found = await bench.read(y);
    assertClose(found, expected, 'f32Sum', 'y');
    const others = (values: ArrayLike<number>): number[] =>
      Array.from(values).filter((_, i) => i % stride < start || i % stride >= start + outDim);
    expect(others(found)).toEqual(others(wide));
    assertClose(await bench.read(dx), reference.linearBackwardInput(dy, weight, dims), 'f32Sum', 'dx');
    assertClose(await bench.read(dWeight), reference.linearBackwardWeight(dy, x, dims), 'f32Sum', 'dWeight');
  });

kernelTest('columns that leave their rows and weights that fill no block are refused', async bench => {
  const encoder = bench.gpu.encoder();
  const tensor = bench.f32('tensor', new Float32Array(64));
  const args = { x: tensor, y: bench.f32('y', new Float32Array(64)), rows: 2, inDim: 8, outDim: 4 };
  expect(() => {
    linearForward(encoder, { ...args, weight: tensor, columns: { start: 8, stride: 10 } });
  }).toThrow('columns 8–12 leave rows of 10 elements');
  expect(() => {
    linearForward(encoder, { ...args, weight: { ...tensor, dtype: 'q8' } });
  }).toThrow('rows of 8 elements cannot be stored as q8');
  expect(encoder.dispatches).toBe(0);
});
