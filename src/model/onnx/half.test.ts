import { expect, test } from 'vitest';
import { toHalves } from './half.ts';

test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2.5, 0xc100],
  [65_504, 0x7bff],
  [65_519, 0x7bff],
  [65_520, 0x7c00],
  [-1e30, 0xfc00],
  [Infinity, 0x7c00],
  // Ties go to the even neighbour.
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [1 + 2 ** -11 + 2 ** -20, 0x3c01],
  // A fraction that rounds up into the next exponent.
  [2 - 2 ** -12, 0x4000],
  // Around the smallest normal number, and below.
  [2 ** -14, 0x0400],
  [2 ** -14 - 2 ** -26, 0x0400],
  [2 ** -14 - 2 ** -24, 0x03ff],
  [2 ** -24, 0x0001],
  [-(2 ** -25), 0x8000],
  [2 ** -25 + 2 ** -40, 0x0001],
  [3 * 2 ** -25, 0x0002],
  [2 ** -26, 0x0000],
  [1e-40, 0x0000],
])('%d', (value, bits) => {
  expect(toHalves(Float32Array.of(value))[0]).toBe(bits);
});

test('NaN stays NaN', () => {
  expect(toHalves(Float32Array.of(NaN))[0]! & 0x7fff).toBeGreaterThan(0x7c00);
});

test('every finite f16 comes back as itself', () => {
  const bits = Array.from({ length: 0x7c00 }, (_, i) => i);
  const values = bits.map(half => {
    const exponent = half >> 10;
    const fraction = half & 0x3ff;
    return exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
  expect([...toHalves(Float32Array.from(values))]).toEqual(bits);
});
