import { expect, test } from 'vitest';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { Gpu } from './gpu.ts';

const MIB = 2 ** 20;

test('a large tensor comes back whole, through a copy of at most 8 MiB', async () => {
  const device = await requestTestDevice();
  const gpu = new Gpu(device);
  const values = Float32Array.from({ length: 2 ** 22 + 3 }, (_, at) => at);
  const tensor = gpu.memory.tensor('large', values.length);
  gpu.write(tensor, values);
  const sizes: number[] = [];
  const create = device.createBuffer.bind(device);
  device.createBuffer = descriptor => {
    sizes.push(descriptor.size);
    return create(descriptor);
  };
  const read = await gpu.readback.f32(tensor);
  expect(read.length).toBe(values.length);
  expect(read.every((value, at) => value === at)).toBe(true);
  expect(sizes).toEqual([8 * MIB]);
  expect(gpu.readback.count).toBe(3);
  expect(await gpu.readback.f32(tensor, 3)).toEqual(Float32Array.of(0, 1, 2));
  gpu.memory.release();
});
