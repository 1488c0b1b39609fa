import { expect } from 'vitest';
import { swiglu, swigluBackward as referenceBackward } from '../../reference/swiglu.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest, rowKernelTest } from '../elementwise/kernel-fixture.ts';
import { swigluBackward, swigluForward } from './swiglu.ts';

const SHAPES = [
  { rows: 1, dim: 1 },
  { rows: 3, dim: 7 },
  { rows: 17, dim: 96 },
  { rows: 65, dim: 33 },
  { rows: 2, dim: 4_099 },
];

for (const dims of SHAPES) {
  const { rows, dim } = dims;
  rowKernelTest(`forward and in-place backward agree with the reference at ${rows}×${dim}`, async bench => {
    const random = testRandom(rows * 1_000 + dim);
    const [gate, up, dOut] = [4, 1, 1].map(scale => Float32Array.from(random.normals(rows * dim, scale)));
    const tensors = { gate: bench.f32('gate', gate!), up: bench.f32('up', up!) };
    const out = bench.f32('out', new Float32Array(rows * dim));
    const encoder = bench.gpu.encoder();
    swigluForward(encoder, { ...tensors, out, ...dims });
    swigluBackward(encoder, { ...tensors, dOut: bench.f32('dOut', dOut!), ...dims });
    encoder.submit();
    const backward = referenceBackward(dOut!, gate!, up!);
    assertClose(await bench.read(out), swiglu(gate!, up!), 'f32Elementwise', 'out');
    assertClose(await bench.read(tensors.gate), backward.dgate, 'f32Elementwise', 'dGate');
    assertClose(await bench.read(tensors.up), backward.dup, 'f32Elementwise', 'dUp');
  });
}

kernelTest('gates far out saturate without overflow', async bench => {
  const gate = Float32Array.of(-1e4, -200, -88, -1e-30, 0, 1e-30, 88, 200, 1e4);
  const ones = new Float32Array(9).fill(1);
  const tensors = { gate: bench.f32('gate', gate), up: bench.f32('up', ones) };
  const out = bench.f32('out', new Float32Array(9));
  const encoder = bench.gpu.encoder();
  swigluForward(encoder, { ...tensors, out, rows: 1, dim: 9 });
  swigluBackward(encoder, { ...tensors, dOut: bench.f32('dOut', ones), rows: 1, dim: 9 });
  encoder.submit();
  const backward = referenceBackward(ones, gate, ones);
  assertClose(await bench.read(out), swiglu(gate, ones), 'f32Elementwise', 'out');
  assertClose(await bench.read(tensors.gate), backward.dgate, 'f32Elementwise', 'dGate');
  assertClose(await bench.read(tensors.up), backward.dup, 'f32Elementwise', 'dUp');
});

kernelTest('short tensors are refused by name', async bench => {
  const [gate, up, out] = [bench.f32('gate', [1, 2]), bench.f32('up', [1]), bench.f32('out', [1, 2])];
  expect(() => swigluForward(bench.gpu.encoder(), { gate, up, out, rows: 2, dim: 1 })).toThrow(
    /swiglu-forward: tensor up has 1 elements, 2/,
  );
});
