import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exportModel } from './export-onnx.ts';

const MODEL = 'public/models/world-s';
let out = '';
beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'export-onnx-'));
});
afterAll(() => rm(out, { recursive: true }));

test('an export is the model folder with onnx/model.onnx in place of its weights', async () => {
  const written = await exportModel({ model: MODEL, out, precision: 'f16' });
  const others = (await readdir(MODEL)).filter(name => name !== 'model.safetensors');
  expect(written.map(({ path }) => path).toSorted()).toEqual([...others, 'onnx/model.onnx'].toSorted());
  for (const { path, bytes } of written) expect((await readFile(join(out, path))).byteLength).toBe(bytes);
  for (const name of others)
    expect(await readFile(join(out, name), 'utf8')).toBe(await readFile(join(MODEL, name), 'utf8'));

  const half = written[0]!.bytes;
  const [full] = await exportModel({ model: MODEL, out, precision: 'f32' });
  const weights = (await readFile(join(MODEL, 'model.safetensors'))).byteLength;
  expect(full!.bytes - half).toBeGreaterThan(0.49 * weights);
});

test('a model is not exported into its own folder', async () => {
  const own = { model: MODEL, out: `${MODEL}/../world-s`, precision: 'f16' } as const;
  await expect(exportModel(own)).rejects.toThrow(/another folder/);
});
