import { expect, test } from 'vitest';
import { Gpu } from '../../gpu/gpu.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import * as reference from '../../reference/rope.ts';
import { assertClose } from '../../testing/compare.ts';
import { requestTestDevice } from '../../testing/gpu-fixture.ts';
import { testRandom } from '../../testing/random.ts';
import { inverseFrequencies, type RopeScaling } from './frequencies.ts';
import { rope } from './rope.ts';

interface Case {
  readonly x: Float32Array<ArrayBuffer>;
  readonly position: Uint32Array<ArrayBuffer>;
  readonly heads: number;
  readonly headDim: number;
  readonly theta: number;
  readonly scaling?: RopeScaling;
}

async function turn({ x, position, heads, headDim, theta, scaling }: Case, directions: readonly boolean[]) {
  const gpu = new Gpu(await requestTestDevice());
  const upload = (label: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): Tensor => {
    const tensor = gpu.memory.tensor(label, data.length, data instanceof Uint32Array ? 'u32' : 'f32');
    gpu.write(tensor, data);
    return tensor;
  };
  const target = upload('x', x);
  const positions = upload('position', position);
  const frequencies = upload('frequencies', inverseFrequencies(headDim, theta, scaling));
  const encoder = gpu.encoder();
  for (const inverse of directions)
    rope(encoder, {
      x: target,
      position: positions,
      inverseFrequencies: frequencies,
      rows: position.length,
      heads,
      headDim,
      inverse,
    });
  encoder.submit();
  const y = await gpu.readback.f32(target, x.length);
  gpu.memory.release();
  return y;
}

function randomCase(position: readonly number[], heads: number, headDim: number, theta: number): Case {
  const random = testRandom(position.length * 131 + heads * 17 + headDim);
  const x = Float32Array.from(random.normals(position.length * heads * headDim));
  return { x, position: Uint32Array.from(position), heads, headDim, theta };
}

test.each([
  [1, 1, 2],
  [3, 4, 16],
  [7, 3, 24],
  [17, 1, 6],
  [33, 2, 10],
  [65, 2, 32],
  [70, 3, 64],
])('%i rows, %i heads of %i agree with f64, forward and backward', async (rows, heads, headDim) => {
  const positions = Array.from({ length: rows }, (_, i) => (i * 61) % 1024);
  const shape = { rows, heads, headDim, theta: 10_000 };
  const given = randomCase(positions, heads, headDim, shape.theta);
  assertClose(await turn(given, [false]), reference.rope(given.x, positions, shape), 'f32Rope', 'forward');
  const back = reference.ropeBackward(given.x, positions, shape);
  assertClose(await turn(given, [true]), back, 'f32Rope', 'backward');
});

// Of eight frequencies two turn fast, one is between and five are slow.
test('Llama 3 slows the slow turns', async () => {
  const scaling = { factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalContextLength: 128 };
  const positions = [0, 1, 5, 40, 127, 700];
  const given = { ...randomCase(positions, 2, 16, 10_000), scaling };
  const shape = { rows: positions.length, ...given };
  assertClose(await turn(given, [false]), reference.rope(given.x, positions, shape), 'f32Rope');
  const frequencies = (factors?: RopeScaling): Float32Array => inverseFrequencies(16, 10_000, factors);
  const ratios = [...frequencies()].map((frequency, i) => frequency / frequencies(scaling)[i]!);
  expect(ratios.filter(ratio => ratio === 1).length).toBe(2);
  expect(ratios.filter(ratio => Math.abs(ratio - 8) < 1e-5).length).toBe(5);
});

test('position 0 changes no bit, and backward after forward gives the input', async () => {
  const still = randomCase([0, 0, 0], 3, 24, 10_000);
  assertClose(await turn(still, [false]), still.x, 'exact');
  const moved = randomCase([1, 500, 1023], 3, 24, 10_000);
  assertClose(await turn(moved, [false, true]), moved.x, 'f32Elementwise');
});

// With theta = 256 and headDim = 16 every frequency is a power of two, so f32 holds the very angles of the reference.
test('angles are exact at positions far beyond what an f32 product can hold', async () => {
  const positions = [2 ** 15 - 1, 2 ** 15, 100_003, 2 ** 24 + 1, 2 ** 31 + 12_345, 2 ** 32 - 1];
  const given = randomCase(positions, 2, 16, 256);
  const expected = reference.rope(given.x, positions, { rows: positions.length, ...given });
  assertClose(await turn(given, [false]), expected, 'f32Elementwise');
});

test('frequencies too small to turn anything leave the pair as it is', async () => {
  // Frequencies 1, 1e-10, 1e-20, 1e-30 and, below the smallest normal f32, 1e-40 …
  const given = randomCase([1, 7], 1, 16, 1e80);
  const expected = reference.rope(given.x, given.position, { rows: 2, ...given });
  assertClose(await turn(given, [false]), expected, 'f32Elementwise');
});

test('more rows than one dimension of a dispatch can hold', async () => {
  const rows = 65_535 * 64 + 65;
  const x = new Float32Array(rows * 2).map((_, i) => (i % 7) - 3);
  const position = new Uint32Array(rows).map((_, i) => i % 251);
  const y = await turn({ x, position, heads: 1, headDim: 2, theta: 10_000 }, [false]);
  for (const row of [0, 65_535 * 64 - 1, 65_535 * 64, rows - 1]) {
    const shape = { rows: 1, heads: 1, headDim: 2, theta: 10_000 };
    const expected = reference.rope(x.slice(row * 2, row * 2 + 2), [position[row]!], shape);
    assertClose(y.slice(row * 2, row * 2 + 2), expected, 'f32Elementwise', `row ${row}`);
  }
});

test('an odd head size is refused', async () => {
  const odd = randomCase([1], 1, 5, 10_000);
  await expect(turn(odd, [false])).rejects.toThrow(/E_ROPE_HEAD_DIM: .*even; it is 5/);
});
