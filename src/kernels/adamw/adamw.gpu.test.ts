import { expect } from 'vitest';
import { adamwStep } from '../../reference/adamw.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest, rowKernelTest, type KernelBench } from '../elementwise/kernel-fixture.ts';
import { adamw, type AdamwArgs } from './adamw.ts';

const OPTIONS = { learningRate: 3e-3, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.1 };
/** The words of a gradientNorm result with this scale. */
const clipWords = (scale: number, nonFinite: number): Uint32Array =>
  Uint32Array.of(...new Uint32Array(Float32Array.of(7, scale).buffer), nonFinite, 0);

function state(
  bench: KernelBench,
  parameters: ArrayLike<number>,
  gradients: ArrayLike<number>,
): Pick<AdamwArgs, 'parameters' | 'gradients' | 'm' | 'v' | 'length'> {
  const { length } = parameters;
  return {
    parameters: bench.f32('parameters', parameters),
    gradients: bench.f32('gradients', gradients),
    m: bench.f32('m', new Float32Array(length)),
    v: bench.f32('v', new Float32Array(length)),
    length,
  };
}

for (const length of [1, 3, 4, 7, 257, 10_003])
  rowKernelTest(`three steps over ${length} parameters agree with the reference`, async bench => {
    const random = testRandom(length);
    const start = Float32Array.from(random.normals(length));
    const gradients = Float32Array.from(random.normals(length, 0.1));
    const tensors = state(bench, start, gradients);
    const clip = bench.u32('clip', clipWords(0.25, 0));
    const wanted = {
      parameters: Float64Array.from(start),
      m: new Float64Array(length),
      v: new Float64Array(length),
    };
    const clipped = gradients.map(g => g * 0.25);
    const encoder = bench.gpu.encoder();
    for (const step of [1, 2, 3]) {
      adamw(encoder, { ...tensors, clip, ...OPTIONS, step });
      const options = { ...OPTIONS, eps: OPTIONS.epsilon };
      adamwStep(wanted.parameters, clipped, wanted.m, wanted.v, step, options);
    }
    encoder.submit();
    assertClose(await bench.read(tensors.parameters), wanted.parameters, 'f32Optimizer', 'parameters');
    assertClose(await bench.read(tensors.m), wanted.m, 'f32Optimizer', 'm');
    assertClose(await bench.read(tensors.v), wanted.v, 'f32Optimizer', 'v');
  });

kernelTest('gradients of zero and tiny ones move nothing by more than the learning rate', async bench => {
  const gradients = Float32Array.of(0, 1e-30, -1e-20, 1e-12, 1e15);
  const tensors = state(bench, new Float32Array(5).fill(1), gradients);
  const clip = bench.u32('clip', clipWords(1, 0));
  const encoder = bench.gpu.encoder();
  adamw(encoder, { ...tensors, clip, ...OPTIONS, weightDecay: 0, step: 1 });
  encoder.submit();
  const actual = await bench.read(tensors.parameters);
  assertClose(actual, [1, 1, 1, 1 - 3e-3 * (1e-12 / 1e-8), 1 - 3e-3], 'f32Optimizer');
});

kernelTest('a step whose gradients are not finite leaves every bit in place', async bench => {
  const length = 1_003;
  const random = testRandom(9);
  const gradients = Float32Array.from(random.normals(length));
  gradients[500] = NaN;
  gradients[1_002] = Infinity;
  const start = Float32Array.from(random.normals(length));
  const tensors = state(bench, start, gradients);
  bench.gpu.write(tensors.m, start);
  bench.gpu.write(tensors.v, start);
  const clip = bench.u32('clip', clipWords(0, 2));
  const encoder = bench.gpu.encoder();
  adamw(encoder, { ...tensors, clip, ...OPTIONS, step: 1 });
  encoder.submit();
  for (const tensor of [tensors.parameters, tensors.m, tensors.v])
    assertClose(await bench.read(tensor), start, 'exact', tensor.label);
});

rowKernelTest('more vectors than one dimension of workgroups covers', async bench => {
  const length = 65_536 * 256 + 6;
  const tensors = {
    length,
    parameters: bench.gpu.memory.tensor('parameters', length),
    gradients: bench.gpu.memory.tensor('gradients', length),
    m: bench.gpu.memory.tensor('m', length),
    v: bench.gpu.memory.tensor('v', length),
  };
  const tail = Float32Array.of(1, -2, 4);
  bench.gpu.write(tensors.gradients, tail, length - 3);
  const clip = bench.u32('clip', clipWords(1, 0));
  const encoder = bench.gpu.encoder();
  adamw(encoder, { ...tensors, clip, ...OPTIONS, step: 1 });
  encoder.submit();
  const [bytes] = await bench.gpu.readback.read([{ tensor: tensors.parameters, start: length - 4 }]);
  assertClose(new Float32Array(bytes!), [0, -3e-3, 3e-3, -3e-3], 'f32Optimizer');
});

kernelTest('a step of zero and an epsilon that vanishes are refused', async bench => {
  const args = { ...state(bench, [1], [1]), clip: bench.u32('clip', clipWords(1, 0)), ...OPTIONS };
  expect(() => adamw(bench.gpu.encoder(), { ...args, step: 0 })).toThrow(/step 0/);
  expect(() => adamw(bench.gpu.encoder(), { ...args, step: 1, epsilon: 0 })).toThrow(/epsilon 0/);
});
