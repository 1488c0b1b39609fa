import { expect } from 'vitest';
import type { KernelSpec } from '../../gpu/kernel.ts';
import { philox4x32, uniform24, type Words2, type Words4 } from '../../reference/philox.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest } from '../elementwise/kernel-fixture.ts';
import philoxCode from './philox.wgsl?raw';

const CASES = 130;

const spec = {
  name: 'philox-test',
  code: `${philoxCode}
@group(0) @binding(0) var<storage, read> inputs: array<u32>;
@group(0) @binding(1) var<storage, read_write> words: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> uniforms_out: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= u.cases) { return; }
  let at = id.x * 6u;
  let counter = vec4u(inputs[at], inputs[at + 1u], inputs[at + 2u], inputs[at + 3u]);
  words[id.x] = philox4x32(counter, vec2u(inputs[at + 4u], inputs[at + 5u]));
  uniforms_out[id.x] = uniform24(words[id.x].x);
}`,
  storage: ['read', 'read_write', 'read_write'],
  uniforms: { cases: 'u32' },
} as const satisfies KernelSpec;

kernelTest('Philox and its uniforms agree with the reference, bit for bit', async bench => {
  const random = testRandom(7);
  const inputs = Uint32Array.from({ length: CASES * 6 }, () => random.integer(2 ** 32));
  // All zeros, all ones: the test vectors that the generator's authors publish.
  inputs.fill(0, 0, 6).fill(0xffffffff, 6, 12);
  const words = bench.u32('words', new Uint32Array(CASES * 4));
  const uniforms = bench.f32('uniforms', new Float32Array(CASES));
  const encoder = bench.gpu.encoder();
  encoder.dispatch(bench.gpu.pipelines.kernel(spec), {
    uniforms: { cases: CASES },
    storage: [bench.u32('inputs', inputs), words, uniforms],
    workgroups: [Math.ceil(CASES / 64)],
  });
  encoder.submit();
  const wanted = Array.from({ length: CASES }, (_, i) => {
    const [c0, c1, c2, c3, k0, k1] = inputs.subarray(i * 6, i * 6 + 6);
    const counter: Words4 = [c0!, c1!, c2!, c3!];
    const key: Words2 = [k0!, k1!];
    return philox4x32(counter, key);
  });
  const actual = await bench.readU32(words);
  expect([...actual.subarray(0, 8)]).toEqual([
    ...[0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ...[0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ]);
  expect([...actual]).toEqual(wanted.flat());
  expect([...(await bench.read(uniforms))]).toEqual(wanted.map(([word]) => uniform24(word)));
});
