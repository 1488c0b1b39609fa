import { expect, test } from 'vitest';
import { countingDevice } from './counting-device.ts';
import { Gpu } from './gpu.ts';

test('takes buffers of any size, uploads and copies, and its memory counts what lives', () => {
  const gpu = new Gpu(countingDevice());
  const before = gpu.memory.bytes;
  const scope = gpu.memory.scope();
  const huge = scope.tensor('huge', 2 ** 40);
  const small = scope.within('cache', () => scope.tensor('small', 100, 'f16'));
  expect(scope.held).toEqual([
    { label: 'huge', bytes: 2 ** 42, share: 'activations' },
    { label: 'small', bytes: 256, share: 'cache' },
  ]);
  gpu.write(huge, Float32Array.of(1, 2, 3));
  const encoder = gpu.encoder();
  encoder.copy(huge, small, 10);
  encoder.clear(huge);
  encoder.submit();
  expect(gpu.memory.bytes).toBe(before + 2 ** 42 + 256);
  scope.free(huge);
  expect(scope.held.map(({ label }) => label)).toEqual(['small']);
  scope.release();
  expect(scope.held).toEqual([]);
  expect(gpu.memory.bytes).toBe(before);
});

test('what is allocated within a share belongs to it, also where allocating fails', () => {
  const { memory } = new Gpu(countingDevice());
  const fail = (): void => {
    throw new RangeError('too large');
  };
  expect(() => memory.within('weights', fail)).toThrow('too large');
  memory.tensor('after', 1);
  expect(memory.held.at(-1)).toMatchObject({ label: 'after', share: 'activations' });
});
