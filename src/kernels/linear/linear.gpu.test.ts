import { expect } from 'vitest';
import type { StepEncoder } from '../../gpu/encoder.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import * as reference from '../../reference/linear.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest, rowKernelTest, type KernelBench } from '../elementwise/kernel-fixture.ts';
import {
  linearBackwardBias,
  linearBackwardInput,
  linearBackwardWeight,
  linearForward,
  linearWeightScratchLength,
} from './linear.ts';

const SHAPES = [
  { rows: 1, inDim: 1, outDim: 1 },
  { rows: 3, inDim: 7, outDim: 2 },
  { rows: 7, inDim: 17, outDim: 33 },
  { rows: 16, inDim: 96, outDim: 8 },
  { rows: 17, inDim: 8, outDim: 100 },
  { rows: 65, inDim: 33, outDim: 36 },
  { rows: 130, inDim: 48, outDim: 331 },
  { rows: 257, inDim: 36, outDim: 65 },
];

/** Float32 values as f64, so that kernel and reference start from the same numbers. */
const f32 = (values: Float64Array): Float32Array => Float32Array.from(values);

/**
 * Runs `record` into a tensor that holds NaN, and with accumulate and scale 0.5 into one that holds numbers.
 * @returns a check of both against the plain product; `extra` is what the operation adds besides.
 */
function bothWays(
  bench: KernelBench,
  encoder: StepEncoder,
  name: string,
  length: number,
  record: (encoder: StepEncoder, out: Tensor, options: { accumulate?: boolean; scale?: number }) => void,
): (product: Float64Array, extra?: (index: number) => number) => Promise<void> {
  const before = f32(testRandom(length).normals(length));
  const fresh = bench.f32(name, new Float32Array(length).fill(NaN));
  const sum = bench.f32(`${name} accumulated`, before);
  record(encoder, fresh, {});
  record(encoder, sum, { accumulate: true, scale: 0.5 });
  return async (product, extra = () => 0) => {
    const plain = product.map((v, i) => v + extra(i));
    const summed = product.map((v, i) => before[i]! + 0.5 * v + extra(i));
    assertClose(await bench.read(fresh), plain, 'f32Sum', fresh.label);
    assertClose(await bench.read(sum), summed, 'f32Sum', sum.label);
  };
}

for (const dims of SHAPES) {
  const { rows, inDim, outDim } = dims;
  const shape = `${rows} rows, ${inDim} → ${outDim}`;
  const inputs = () => {
    const random = testRandom(rows * 1_000_003 + inDim * 1_009 + outDim);
    return {
      x: f32(random.normals(rows * inDim)),
      weight: f32(random.normals(outDim * inDim)),
      bias: f32(random.normals(outDim)),
      dy: f32(random.normals(rows * outDim)),
    };
  };

  rowKernelTest(`forward agrees with the reference: ${shape}`, async bench => {
    const data = inputs();
    const x = bench.f32('x', data.x);
    const weight = bench.f32('weight', data.weight);
    const bias = bench.f32('bias', data.bias);
    const encoder = bench.gpu.encoder();
    const checkPlain = bothWays(bench, encoder, 'y', rows * outDim, (to, y, options) => {
      linearForward(to, { x, weight, y, ...dims, ...options });
    });
    const checkBiased = bothWays(bench, encoder, 'y with bias', rows * outDim, (to, y, options) => {
      linearForward(to, { x, weight, y, bias, ...dims, ...options });
    });
    encoder.submit();
    const product = reference.linear(data.x, data.weight, dims);
    await checkPlain(product);
    await checkBiased(product, i => data.bias[i % outDim]!);
  });

  rowKernelTest(`the gradient of the input agrees with the reference: ${shape}`, async bench => {
    const data = inputs();
    const dy = bench.f32('dy', data.dy);
    const weight = bench.f32('weight', data.weight);
    const encoder = bench.gpu.encoder();
    const check = bothWays(bench, encoder, 'dx', rows * inDim, (to, dx, options) => {
      linearBackwardInput(to, { dy, weight, dx, ...dims, ...options });
    });
    encoder.submit();
    await check(reference.linearBackwardInput(data.dy, data.weight, dims));
  });

  rowKernelTest(`the gradients of weight and bias agree with the reference: ${shape}`, async bench => {
    const data = inputs();
    const dy = bench.f32('dy', data.dy);
    const x = bench.f32('x', data.x);
    const scratch = bench.f32('scratch', new Float32Array(linearWeightScratchLength(dims)).fill(NaN));
    const encoder = bench.gpu.encoder();
    const checkWhole = bothWays(bench, encoder, 'dWeight', outDim * inDim, (to, dWeight, options) => {
      linearBackwardWeight(to, { dy, x, dWeight, ...dims, ...options });
    });
    const checkParts = bothWays(
      bench,
      encoder,
      'dWeight by parts',
      outDim * inDim,
      (to, dWeight, options) => {
        linearBackwardWeight(to, { dy, x, dWeight, scratch, ...dims, ...options });
      },
    );
    const dBias = bench.f32('dBias', new Float32Array(outDim).fill(NaN));
    linearBackwardBias(encoder, { dy, dBias, rows, outDim });
    const dBiasTwice = bench.f32('dBias accumulated', data.bias);
    linearBackwardBias(encoder, { dy, dBias: dBiasTwice, rows, outDim, accumulate: true });
    encoder.submit();
    const product = reference.linearBackwardWeight(data.dy, data.x, dims);
    await checkWhole(product);
    await checkParts(product);
    const sums = reference.linearBackwardBias(data.dy, dims);
    assertClose(await bench.read(dBias), sums, 'f32Sum', 'dBias');
    const twice = sums.map((v, i) => v + data.bias[i]!);
    assertClose(await bench.read(dBiasTwice), twice, 'f32Sum', 'dBias accumulated');
  });
}

rowKernelTest('a product of many tiles agrees with the reference', async bench => {
  const dims = { rows: 1_025, inDim: 12, outDim: 516 };
  const random = testRandom(5);
  const [x, weight] = [f32(random.normals(1_025 * 12)), f32(random.normals(516 * 12))];
  const y = bench.f32('y', new Float32Array(1_025 * 516));
  const encoder = bench.gpu.encoder();
  linearForward(encoder, { x: bench.f32('x', x), weight: bench.f32('weight', weight), y, ...dims });
  encoder.submit();
  assertClose(await bench.read(y), reference.linear(x, weight, dims), 'f32Sum', 'y');
});

rowKernelTest('what lies behind the rows of the batch is neither read nor written', async bench => {
  const dims = { rows: 5, inDim: 12, outDim: 8 };
  const { rows, inDim, outDim } = dims;
  const padded = (width: number, inside: number, behind: number): Tensor =>
    bench.f32(
      'padded',
      Array.from({ length: 64 * width }, (_, i) => (i < rows * width ? inside : behind)),
    );
  const x = padded(inDim, 1, NaN);
  const dy = padded(outDim, 1, Infinity);
  const weight = bench.f32('weight', new Float32Array(outDim * inDim).fill(2));
  const y = padded(outDim, 7, 7);
  const dx = padded(inDim, 7, 7);
  const dWeight = bench.f32('dWeight', new Float32Array(outDim * inDim).fill(7));
  const encoder = bench.gpu.encoder();
  linearForward(encoder, { x, weight, y, ...dims });
  linearBackwardInput(encoder, { dy, weight, dx, ...dims });
  linearBackwardWeight(encoder, { dy, x, dWeight, ...dims });
  encoder.submit();
  const expected = (width: number, inside: number): number[] =>
    Array.from({ length: 64 * width }, (_, i) => (i < rows * width ? inside : 7));
  expect(Array.from(await bench.read(y))).toEqual(expected(outDim, 2 * inDim));
  expect(Array.from(await bench.read(dx))).toEqual(expected(inDim, 2 * outDim));
  expect(Array.from(await bench.read(dWeight))).toEqual(Array<number>(outDim * inDim).fill(rows));
});

rowKernelTest('no rows leave the gradient of the weight zero, or as it was', async bench => {
  const dims = { rows: 0, inDim: 4, outDim: 8 };
  const x = bench.f32('x', [NaN]);
  const dy = bench.f32('dy', [NaN]);
  const dWeight = bench.f32('dWeight', new Float32Array(32).fill(3));
  const kept = bench.f32('kept', new Float32Array(32).fill(3));
  const y = bench.f32('y', [3]);
  const encoder = bench.gpu.encoder();
  linearForward(encoder, { x, weight: dWeight, y, ...dims });
  linearBackwardWeight(encoder, { dy, x, dWeight, ...dims });
  linearBackwardWeight(encoder, { dy, x, dWeight: kept, ...dims, accumulate: true });
  encoder.submit();
  expect(Array.from(await bench.read(dWeight))).toEqual(Array<number>(32).fill(0));
  expect(Array.from(await bench.read(kept))).toEqual(Array<number>(32).fill(3));
  expect(Array.from(await bench.read(y))).toEqual([3]);
});

kernelTest('a tensor that is too short is refused before anything runs', async bench => {
  const dims = { rows: 4, inDim: 8, outDim: 4 };
  const short = bench.f32('hidden', new Float32Array(31));
  const weight = bench.f32('weight', new Float32Array(32));
  const y = bench.f32('logits', new Float32Array(16));
  const encoder = bench.gpu.encoder();
  expect(() => {
    linearForward(encoder, { x: short, weight, y, ...dims });
  }).toThrow('linearForward: tensor hidden has 31 elements, 32 are needed');
  expect(() => {
    linearBackwardInput(encoder, { dy: y, weight, dx: short, ...dims });
  }).toThrow('linearBackwardInput: tensor hidden has 31 elements');
  expect(() => {
    linearBackwardWeight(encoder, { dy: y, x: short, dWeight: weight, ...dims });
  }).toThrow('linearBackwardWeight: tensor hidden has 31 elements');
  expect(encoder.dispatches).toBe(0);
});
