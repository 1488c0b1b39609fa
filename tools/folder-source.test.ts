import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { LabError } from '../src/contract/errors.ts';
import { openFolder } from './folder-source.ts';

const folder = mkdtempSync(join(tmpdir(), 'model-'));
writeFileSync(join(folder, 'config.json'), '{"a":1}');
writeFileSync(join(folder, 'empty'), '');
mkdirSync(join(folder, 'onnx'));
writeFileSync(join(folder, 'onnx', 'model.onnx'), 'x');
afterAll(() => rmSync(folder, { recursive: true }));

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

test('a folder gives its own files, whole and by ranges', async () => {
  const source = await openFolder(folder);
  expect(source.name).toBe(basename(folder));
  expect(Object.fromEntries(source.files)).toEqual({ 'config.json': 7, empty: 0 });
  expect(text(await source.read('config.json'))).toBe('{"a":1}');
  expect(text(await source.read('config.json', 1, 4))).toBe('"a"');
  expect((await source.read('empty')).byteLength).toBe(0);
});

test('files that it has not, and bytes that they have not, are refused', async () => {
  const source = await openFolder(folder);
  for (const [path, begin, end] of [
    ['../config.json', 0, 1],
    ['onnx/model.onnx', 0, 1],
    ['config.json', 0, 8],
    ['config.json', 3, 2],
    ['config.json', -1, 2],
  ] as const)
    await expect(source.read(path, begin, end)).rejects.toThrow(LabError);
});

test('a file that shrank meanwhile gives fewer bytes, not zeros', async () => {
  writeFileSync(join(folder, 'shrinking'), 'abcdef');
  const source = await openFolder(folder);
  writeFileSync(join(folder, 'shrinking'), 'abc');
  expect(text(await source.read('shrinking', 1))).toBe('bc');
});
