import { expect, test } from 'vitest';
import { readSafetensors, readSafetensorsHeader, writeSafetensors } from './safetensors.ts';
import { faultOf } from '../testing/fault-of.ts';

const encoder = new TextEncoder();

/** A file with this header text and so many bytes of data. */
function file(header: string | Uint8Array, dataBytes = 0, claimed?: bigint): Uint8Array {
  const text = typeof header === 'string' ? encoder.encode(header) : header;
  const bytes = new Uint8Array(8 + text.byteLength + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(text.byteLength), true);
  bytes.set(text, 8);
  return bytes;
}

const f32 = (name: string, shape: unknown, begin: unknown, end: unknown): string =>
  `${JSON.stringify(name)}:${JSON.stringify({ dtype: 'F32', shape, data_offsets: [begin, end] })}`;

const codeOf = (bytes: Uint8Array): string =>
  faultOf(() => readSafetensorsHeader(bytes, 'model.safetensors')).code;

test('what is written is read again, whatever the order of names', () => {
  const arrays = new Map([
    ['b', { shape: [2, 2], data: Float32Array.of(1, -2, 3.5, 4) }],
    ['a', { shape: [1], data: Float32Array.of(7) }],
  ]);
  const read = readSafetensors(writeSafetensors(arrays, { made: 'here' }), 'x');
  expect([...read.keys()].sort()).toEqual(['a', 'b']);
  for (const [name, array] of arrays) expect(read.get(name)).toEqual(array);
});

test('f16 and bf16 widen exactly', () => {
  const header =
    '{"h":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[2],"data_offsets":[8,12]}}';
  const bytes = file(header, 12);
  const view = new DataView(bytes.buffer, bytes.byteLength - 12);
  for (const [i, half] of [0x3c00, 0xc100, 0x0001, 0x7c00].entries()) view.setUint16(2 * i, half, true);
  for (const [i, half] of [0x3f80, 0xc020].entries()) view.setUint16(8 + 2 * i, half, true);
  const read = readSafetensors(bytes, 'x');
  expect([...read.get('h')!.data]).toEqual([1, -2.5, 2 ** -24, Infinity]);
  expect([...read.get('b')!.data]).toEqual([1, -2.5]);
});

test('signs, subnormals, infinities and NaN of f16 and bf16 come through', () => {
  const halves = [0x8000, 0x8001, 0x03ff, 0xfc00, 0x7e00];
  const bfloats = [0x8000, 0x0001, 0x807f, 0x7f80, 0xffc0];
  const header =
    '{"h":{"dtype":"F16","shape":[5],"data_offsets":[0,10]},"b":{"dtype":"BF16","shape":[5],"data_offsets":[10,20]}}';
  const bytes = file(header, 20);
  const view = new DataView(bytes.buffer, bytes.byteLength - 20);
  for (const [i, half] of [...halves, ...bfloats].entries()) view.setUint16(2 * i, half, true);
  const read = readSafetensors(bytes, 'x');
  expect([...read.get('h')!.data]).toEqual([-0, -(2 ** -24), 1023 * 2 ** -24, -Infinity, Number.NaN]);
  expect([...read.get('b')!.data]).toEqual([-0, 2 ** -133, -127 * 2 ** -133, Infinity, Number.NaN]);
});

test.each([0x80, 0x280, 0x4b50, 0x3c])(
  'a header of %i bytes is a header, whatever else begins so',
  length => {
    const bytes = file(`{${f32('a', [1], 0, 4)}}`.padEnd(length), 4);
    expect(readSafetensorsHeader(bytes, 'x')).toMatchObject([{ name: 'a', end: 8 + length + 4 }]);
  },
);

test.each<[string, Uint8Array, string]>([
  ['too short', new Uint8Array(5), 'E_SAFETENSORS_TRUNCATED'],
  ['an empty header', file(''), 'E_SAFETENSORS_HEADER'],
  ['a header past the end', file('{}', 0, 1000n), 'E_SAFETENSORS_TRUNCATED'],
  ['a header of 2⁶⁴ − 1 bytes', file('{}', 0, 2n ** 64n - 1n), 'E_SAFETENSORS_HEADER'],
  ['a leading space', file(' {}'), 'E_SAFETENSORS_HEADER'],
  ['invalid UTF-8', file(Uint8Array.of(0x7b, 0xff, 0x7d)), 'E_SAFETENSORS_HEADER'],
  ['broken JSON', file('{"a":'), 'E_SAFETENSORS_HEADER'],
  ['an entry that is no object', file('{"a":3}'), 'E_SAFETENSORS_HEADER'],
  ['overlap', file(`{${f32('a', [2], 0, 8)},${f32('b', [2], 4, 12)}}`, 12), 'E_SAFETENSORS_OVERLAP'],
  ['a hole', file(`{${f32('a', [1], 0, 4)},${f32('b', [1], 8, 12)}}`, 12), 'E_SAFETENSORS_HOLE'],
  ['reversed offsets', file(`{${f32('a', [1], 4, 0)}}`, 4), 'E_SAFETENSORS_OFFSETS'],
  ['fractional offsets', file(`{${f32('a', [1], 0.5, 4.5)}}`, 8), 'E_SAFETENSORS_OFFSETS'],
  ['a shape that overflows', file(`{${f32('a', [2 ** 40, 2 ** 40], 0, 4)}}`, 4), 'E_SAFETENSORS_SHAPE'],
  ['a shape that does not fit', file(`{${f32('a', [3], 0, 8)}}`, 8), 'E_SAFETENSORS_SHAPE'],
  ['a negative extent', file(`{${f32('a', [-1], 0, 4)}}`, 4), 'E_SAFETENSORS_SHAPE'],
  [
    'an unknown type',
    file('{"a":{"dtype":"F8","shape":[4],"data_offsets":[0,4]}}', 4),
    'E_SAFETENSORS_DTYPE',
  ],
  [
    'the same name twice',
    file(`{${f32('a', [1], 0, 4)},${f32('a', [1], 0, 4)}}`, 4),
    'E_SAFETENSORS_DUPLICATE',
  ],
  ['trailing bytes', file(`{${f32('a', [1], 0, 4)}}`, 9), 'E_SAFETENSORS_TRAILING'],
  ['missing data', file(`{${f32('a', [4], 0, 16)}}`, 8), 'E_SAFETENSORS_TRUNCATED'],
  [
    'a Git LFS pointer',
    encoder.encode('version https://git-lfs.github.com/spec/v1\noid'),
    'E_SAFETENSORS_LFS_POINTER',
  ],
  ['a web page', encoder.encode('<!doctype html><title>404</title>'), 'E_SAFETENSORS_HTML'],
  ['a pickle', Uint8Array.of(0x80, 2, 0x7d, 0x71, 0, 0x58, 1, 0, 0), 'E_SAFETENSORS_PICKLE'],
])('refuses %s', (_, bytes, code) => {
  expect(codeOf(bytes)).toBe(code);
});

test('a tensor named __proto__ is only a name', () => {
  const entries = readSafetensorsHeader(file(`{${f32('__proto__', [1], 0, 4)}}`, 4), 'x');
  expect(entries.map(entry => entry.name)).toEqual(['__proto__']);
  expect(({} as Record<string, unknown>)['dtype']).toBeUndefined();
});
