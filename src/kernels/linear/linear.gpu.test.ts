import { expect, test } from 'vitest';
import { Gpu } from '../../gpu/gpu.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import type { Tuning } from '../../gpu/tuning.ts';
import * as reference from '../../reference/linear.ts';
import { assertClose } from '../../testing/compare.ts';
import { requestTestDevice } from '../../testing/gpu-fixture.ts';
import { testRandom } from '../../testing/random.ts';
import {
  linearBackwardBias,
  linearBackwardInput,
  linearBackwardWeight,
  linearForward,
  linearWeightScratchLength,
} from './linear.ts';

const tunings: Record<string, Tuning> = {
  software: { software: true, rowLanes: 1, rowsPerGroup: 64 },
  hardware: { software: false, rowLanes: 64, rowsPerGroup: 1 },
};

/** rows, inDim, outDim. */
const shapes: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [1, 3, 7],
  [3, 4, 4],
  [7, 17, 33],
  [16, 96, 100],
  [16, 96, 331],
  [17, 8, 96],
  [33, 96, 8],
  [65, 20, 12],
  [65, 33, 36],
  [130, 48, 97],
  [257, 36, 65],
  [1025, 12, 20],
];

for (const [name, tuning] of Object.entries(tunings)) {
  test.each(shapes)(`${name}: %i rows, %i in, %i out agree with f64`, async (rows, inDim, outDim) => {
    const gpu = new Gpu(await requestTestDevice(), tuning);
    const random = testRandom(rows * 1_000_003 + inDim * 1_009 + outDim);
    const data = (length: number): Float32Array<ArrayBuffer> => Float32Array.from(random.normals(length));
    const upload = (label: string, values: Float32Array<ArrayBuffer>): Tensor => {
      const tensor = gpu.memory.tensor(label, values.length);
      gpu.write(tensor, values);
      return tensor;
    };
    const dims = { rows, inDim, outDim };
    const x = data(rows * inDim);
    const weight = data(outDim * inDim);
    const bias = data(outDim);
    const dy = data(rows * outDim);
    const before = data(Math.max(rows, outDim) * Math.max(inDim, outDim));
    const tx = upload('x', x);
    const tw = upload('weight', weight);
    const tb = upload('bias', bias);
    const tdy = upload('dy', dy);
    const outputs = (label: string, length: number): readonly [Tensor, Tensor] => [
      upload(label, before.slice(0, length)),
      upload(`${label} accumulated`, before.slice(0, length)),
    ];
    const y = outputs('y', rows * outDim);
    const dx = outputs('dx', rows * inDim);
    const dWeight = outputs('dWeight', outDim * inDim);
    const dWeightSplit = outputs('dWeight by parts', outDim * inDim);
    const dBias = outputs('dBias', outDim);
    const scratch = gpu.memory.tensor('scratch', linearWeightScratchLength(dims));

    const encoder = gpu.encoder();
    linearForward(encoder, { x: tx, weight: tw, y: y[0], ...dims });
    linearForward(encoder, { x: tx, weight: tw, y: y[1], bias: tb, accumulate: true, scale: 0.5, ...dims });
    linearBackwardInput(encoder, { dy: tdy, weight: tw, dx: dx[0], ...dims });
    linearBackwardInput(encoder, { dy: tdy, weight: tw, dx: dx[1], accumulate: true, scale: 0.5, ...dims });
    for (const [outs, room] of [
      [dWeight, {}],
      [dWeightSplit, { scratch }],
    ] as const) {
      linearBackwardWeight(encoder, { dy: tdy, x: tx, dWeight: outs[0], ...room, ...dims });
      const more = { accumulate: true, scale: 0.5, ...room, ...dims };
      linearBackwardWeight(encoder, { dy: tdy, x: tx, dWeight: outs[1], ...more });
    }
    linearBackwardBias(encoder, { dy: tdy, dBias: dBias[0], rows, outDim });
    linearBackwardBias(encoder, { dy: tdy, dBias: dBias[1], rows, outDim, accumulate: true });
    encoder.submit();

    const plusHalf = (values: Float64Array): Float64Array => values.map((v, i) => before[i]! + 0.5 * v);
    const yWanted = reference.linear(x, weight, dims);
    const dxWanted = reference.linearBackwardInput(dy, weight, dims);
    const dWeightWanted = reference.linearBackwardWeight(dy, x, dims);
    const dBiasWanted = reference.linearBackwardBias(dy, dims);
    const wanted: readonly (readonly [Tensor, Float64Array])[] = [
      [y[0], yWanted],
      [y[1], plusHalf(yWanted).map((v, i) => v + bias[i % outDim]!)],
      [dx[0], dxWanted],
      [dx[1], plusHalf(dxWanted)],
      [dWeight[0], dWeightWanted],
      [dWeight[1], plusHalf(dWeightWanted)],
      [dWeightSplit[0], dWeightWanted],
      [dWeightSplit[1], plusHalf(dWeightWanted)],
      [dBias[0], dBiasWanted],
      [dBias[1], dBiasWanted.map((v, i) => before[i]! + v)],
    ];
    for (const [tensor, values] of wanted)
      assertClose(await gpu.readback.f32(tensor), values, 'f32Sum', tensor.label);
    gpu.memory.release();
  });
}

test('nothing is read or written beyond the rows asked for', async () => {
  const gpu = new Gpu(await requestTestDevice());
  const [rows, inDim, outDim] = [5, 12, 8];
  const fill = (length: number, value: number): Tensor => {
    const tensor = gpu.memory.tensor('filled', length);
    gpu.write(tensor, new Float32Array(length).fill(value));
    return tensor;
  };
  // Rows behind the batch hold NaN, as buffers of a longer earlier batch may.
  const x = fill(64 * inDim, NaN);
  gpu.write(x, new Float32Array(rows * inDim).fill(1));
  const weight = fill(outDim * inDim, 2);
  const y = fill(64 * outDim, 7);
  const dy = fill(64 * outDim, NaN);
  gpu.write(dy, new Float32Array(rows * outDim).fill(1));
  const dx = fill(64 * inDim, 7);
  const dWeight = fill(outDim * inDim, 7);
  const encoder = gpu.encoder();
  const dims = { rows, inDim, outDim };
  linearForward(encoder, { x, weight, y, ...dims });
  linearBackwardInput(encoder, { dy, weight, dx, ...dims });
  linearBackwardWeight(encoder, { dy, x, dWeight, ...dims });
  encoder.submit();
  const expected = (length: number, inside: number, value: number): number[] =>
    Array.from({ length }, (_, i) => (i < inside ? value : 7));
  expect(Array.from(await gpu.readback.f32(y))).toEqual(expected(64 * outDim, rows * outDim, 2 * inDim));
  expect(Array.from(await gpu.readback.f32(dx))).toEqual(expected(64 * inDim, rows * inDim, 2 * outDim));
  expect(Array.from(await gpu.readback.f32(dWeight))).toEqual(Array(outDim * inDim).fill(rows));
  gpu.memory.release();
});

test('no rows leave the gradient of the weights zero, or as it was', async () => {
  const gpu = new Gpu(await requestTestDevice());
  const [inDim, outDim] = [4, 8];
  const x = gpu.memory.tensor('x', inDim);
  const dy = gpu.memory.tensor('dy', outDim);
  const dWeight = gpu.memory.tensor('dWeight', inDim * outDim);
  const read = async (accumulate: boolean): Promise<number[]> => {
    gpu.write(dWeight, new Float32Array(inDim * outDim).fill(3));
    const encoder = gpu.encoder();
    linearBackwardWeight(encoder, { dy, x, dWeight, rows: 0, inDim, outDim, accumulate });
    encoder.submit();
    return Array.from(await gpu.readback.f32(dWeight));
  };
  expect(await read(false)).toEqual(Array(inDim * outDim).fill(0));
  expect(await read(true)).toEqual(Array(inDim * outDim).fill(3));
  gpu.memory.release();
});
