import { expect, test } from 'vitest';
import { Gpu } from '../../gpu/gpu.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { requestTestDevice } from '../../testing/gpu-fixture.ts';
import { kvAppend } from './kv-cache.ts';

async function append(
  slots: number,
  capacity: number,
  kvDim: number,
  places: readonly (readonly [slot: number, position: number])[],
) {
  const gpu = new Gpu(await requestTestDevice());
  const upload = (label: string, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): Tensor => {
    const tensor = gpu.memory.tensor(label, data.length, data instanceof Uint32Array ? 'u32' : 'f32');
    gpu.write(tensor, data);
    return tensor;
  };
  const count = places.length * kvDim;
  const before = new Float32Array(slots * capacity * kvDim).map((_, i) => -1 - i);
  const keys = upload('keys', before);
  const values = upload('values', before);
  const encoder = gpu.encoder();
  kvAppend(encoder, {
    k: upload(
      'k',
      new Float32Array(count).map((_, i) => i + 1),
    ),
    v: upload(
      'v',
      new Float32Array(count).map((_, i) => i + 0.5),
    ),
    keys,
    values,
    slot: upload(
      'slot',
      Uint32Array.from(places, ([slot]) => slot),
    ),
    position: upload(
      'position',
      Uint32Array.from(places, ([, position]) => position),
    ),
    rows: places.length,
    kvDim,
    capacity,
  });
  encoder.submit();
  const result = { keys: await gpu.readback.f32(keys), values: await gpu.readback.f32(values) };
  gpu.memory.release();

  const expected = { keys: before.slice(), values: before.slice() };
  places.forEach(([slot, position], row) => {
    if (slot >= slots || position >= capacity) return;
    for (let c = 0; c < kvDim; c++) {
      const at = (slot * capacity + position) * kvDim + c;
      expected.keys[at] = row * kvDim + c + 1;
      expected.values[at] = row * kvDim + c + 0.5;
    }
  });
  return { result, expected };
}

test.each([
  [1, 1, 1, [[0, 0]]],
  [
    3,
    7,
    5,
    [
      [2, 6],
      [0, 0],
      [1, 3],
    ],
  ],
  [
    4,
    33,
    48,
    [
      [3, 32],
      [3, 31],
      [0, 17],
      [2, 0],
    ],
  ],
] as const)(
  '%i slots of %i positions, width %i: rows land in their places only',
  async (slots, capacity, kvDim, places) => {
    const { result, expected } = await append(slots, capacity, kvDim, places);
    expect(result).toEqual(expected);
  },
);

test('a row without a place is dropped instead of landing in another slot', async () => {
  const { result, expected } = await append(2, 3, 4, [
    [0, 3],
    [2, 0],
    [1, 1],
    [0, 2 ** 32 - 1],
  ]);
  expect(result).toEqual(expected);
});
