import { expect, test } from 'vitest';
import { countingDevice } from './counting-device.ts';
import { Gpu } from './gpu.ts';

test('counts what lives, whatever its size, and takes uploads and copies', () => {
  const { device, buffers } = countingDevice();
  const gpu = new Gpu(device);
  const before = buffers().length;
  const scope = gpu.memory.scope();
  const huge = scope.tensor('huge', 2 ** 40);
  const small = scope.tensor('small', 100, 'f16');
  expect(buffers().slice(before)).toEqual([
    { label: 'huge', bytes: 2 ** 42 },
    { label: 'small', bytes: 256 },
  ]);
  gpu.write(huge, Float32Array.of(1, 2, 3));
  const encoder = gpu.encoder();
  encoder.copy(huge, small, 10);
  encoder.clear(huge);
  encoder.submit();
  expect(buffers().reduce((sum, { bytes }) => sum + bytes, 0)).toBe(gpu.memory.bytes);
  scope.free(huge);
  expect(buffers().map(({ label }) => label)).not.toContain('huge');
  scope.release();
  expect(buffers()).toHaveLength(before);
});
