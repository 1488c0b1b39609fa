import { describe, expect, test } from 'vitest';
import { storageBytes, storageType } from '../gpu/tensor.ts';
import { f16Value, packF16, packQ8, unpackF16, unpackQ8 } from '../reference/weight-storage.ts';
import { testRandom } from '../testing/random.ts';
import { packWeights, parameterStorage, widen } from './weight-storage.ts';

/** Blocks of every size of value, one of zeros, one with a single value, one of the smallest numbers. */
function values(): Float32Array<ArrayBuffer> {
  const random = testRandom(7);
  const data = Float32Array.from(random.normals(32 * 20));
  for (let i = 0; i < 32; i++) {
    data[i] = 0;
    data[32 + i] = i === 5 ? -3.25 : 0;
    data[64 + i] = i * 1e-44;
    data[96 + i] = (i - 16) * 2 ** -20;
    data[128 + i] = (i - 16) * 900;
  }
  return data;
}

test('rows that do not fill blocks are stored in the next wider type', () => {
  expect([32, 96, 36, 4, 34, 7].map(width => storageType('q8', width))).toEqual([
    ...['q8', 'q8', 'f16', 'f16', 'f32', 'f32'],
  ]);
  expect([32, 4, 2, 1].map(width => storageType('f16', width))).toEqual(['f16', 'f16', 'f32', 'f32']);
  expect(storageType('f32', 32)).toBe('f32');
  expect(parameterStorage('q8', [64, 32])).toBe('q8');
  expect(parameterStorage('q8', [32])).toBe('f32');
});

test('bytes of each type', () => {
  expect([storageBytes('f32', 64), storageBytes('f16', 64), storageBytes('q8', 64)]).toEqual([256, 128, 72]);
  expect(() => storageBytes('q8', 33)).toThrow('33 elements do not fill whole blocks of q8');
});

describe('packing', () => {
  test.each([
    ['f16', packF16],
    ['q8', packQ8],
  ] as const)('%s as the reference does, bit for bit', (storage, reference) => {
    expect(packWeights(values(), storage)).toEqual(reference(values()));
  });

  test('f32 leaves the bits alone', () => {
    expect(new Float32Array(packWeights(values(), 'f32').buffer)).toEqual(values());
  });

  test('q8 errs by at most half a step of its block, and keeps the largest value', () => {
    const before = values();
    const after = unpackQ8(packWeights(before, 'q8'));
    for (let block = 0; block < before.length; block += 32) {
      const part = before.subarray(block, block + 32);
      const largest = Math.max(...part.map(Math.abs));
      const step = Math.fround(largest / 127);
      // 127 half roundings of the scale come on top, for the largest of all q.
      const bound = step / 2 + 127 * 2 ** -149 + 127 * step * 2 ** -24;
      for (const [i, value] of part.entries())
        expect(Math.abs(after[block + i]! - value)).toBeLessThanOrEqual(bound);
    }
    expect(after.slice(0, 32).every(value => value === 0)).toBe(true);
    expect(after[37]).toBeCloseTo(-3.25, 6);
  });

  test('f16 errs by at most 2^-11 of a value', () => {
    const before = values();
    const after = unpackF16(packWeights(before, 'f16'));
    for (const [i, value] of before.entries())
      expect(Math.abs(after[i]! - value)).toBeLessThanOrEqual(Math.max(2 ** -25, Math.abs(value) * 2 ** -11));
  });
});

describe('bytes of a checkpoint', () => {
  test('every f16 widens to its value', () => {
    const halves = Uint16Array.from({ length: 65_536 }, (_, bits) => bits);
    const wide = widen(new Uint8Array(halves.buffer), 'F16');
    expect([...wide].findIndex((value, bits) => !Object.is(value, f16Value(bits)))).toBe(-1);
  });

  test('bf16 is the upper half of f32', () => {
    const halves = Uint16Array.of(0x3f80, 0xc020, 0x0001, 0x7f80);
    expect([...widen(new Uint8Array(halves.buffer), 'BF16')]).toEqual([1, -2.5, 2 ** -133, Infinity]);
  });

  test('bytes at an odd offset are read all the same', () => {
    const file = new Uint8Array(9);
    file.set(new Uint8Array(Float32Array.of(1.5, -2).buffer), 1);
    expect([...widen(file.subarray(1), 'F32')]).toEqual([1.5, -2]);
    expect([...widen(file.subarray(1), 'BF16')]).toEqual([...widen(file.slice(1), 'BF16')]);
  });
});
