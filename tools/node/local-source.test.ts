import { mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openModelFolder } from '../../src/model/checkpoint/model-folder.ts';
import { readSafetensors } from '../../src/model/safetensors.ts';
import { widen } from '../../src/model/weight-storage.ts';
import { localSource } from './local-source.ts';
import { faultOfAsync } from '../../src/testing/fault-of.ts';

const MODEL = 'public/models/world-s';
const ROOM = { maxBytes: 2 ** 30, storage: 'f32' } as const;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'local-source-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

const codeOf = async (attempt: Promise<unknown>): Promise<string> => (await faultOfAsync(attempt)).code;

test('the embedded model opens, and its pieces are those of the whole file', async () => {
  const { name, config, checkpoint, chatTemplate } = await openModelFolder(await localSource(MODEL), ROOM);
  expect([name, config.vocab, chatTemplate]).toEqual(['world-s', 1212, null]);
  const whole = readSafetensors(await readFile(join(MODEL, 'model.safetensors')), 'model.safetensors');
  expect([...checkpoint.tensors.keys()].sort()).toEqual([...whole.keys()].sort());
  for (const [tensor, { shape, data }] of whole) {
    const read = new Float32Array(data.length);
    let at = 0;
    for await (const piece of checkpoint.chunks(tensor, 100_000)) {
      const values = widen(piece, 'F32');
      read.set(values, at);
      at += values.length;
    }
    expect(checkpoint.tensors.get(tensor)).toMatchObject({ shape, bytes: data.byteLength });
    expect(Buffer.compare(Buffer.from(read.buffer), Buffer.from(data.buffer))).toBe(0);
  }
});

test('a folder of links opens, as caches of the hub are', async () => {
  const links = join(folder, 'links');
  await mkdir(links);
  for (const file of ['config.json', 'tokenizer.json', 'model.safetensors'])
    await symlink(join(process.cwd(), MODEL, file), join(links, file));
  const source = await localSource(links, 'linked');
  expect([...source.files.keys()].sort()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
  expect((await openModelFolder(source, ROOM)).tokenizerConfig).toEqual({});
});

test('a folder that is not there, or has no model, is refused', async () => {
  expect(await codeOf(localSource(join(folder, 'nowhere')))).toBe('E_MODEL_READ');
  expect(await codeOf(localSource('src/model'))).toBe('E_FOLDER_CONFIG');
});

test('a file that became shorter is noticed', async () => {
  const shrinking = join(folder, 'shrinking');
  await mkdir(shrinking);
  for (const file of ['config.json', 'tokenizer.json', 'model.safetensors'])
    await writeFile(join(shrinking, file), await readFile(join(MODEL, file)));
  const { checkpoint } = await openModelFolder(await localSource(shrinking), ROOM);
  await truncate(join(shrinking, 'model.safetensors'), 100_000);
  const last = checkpoint.tensors.get('model.norm.weight')!;
  expect(await codeOf(last.read(0, last.bytes))).toBe('E_MODEL_READ');
});
