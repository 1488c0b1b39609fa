import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TeacherFiles } from '../../src/protocol/lab-api.ts';
import { createWorldTokenizer, type WorldTokenizer } from '../../src/data/tokenizer.ts';

async function readJson(folder: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, file), 'utf8'));
}

/** The tokenizer of a model folder in Hugging Face layout. */
export async function readTokenizer(folder: string): Promise<WorldTokenizer> {
  const [tokenizer, config] = await Promise.all([
    readJson(folder, 'tokenizer.json'),
    readJson(folder, 'tokenizer_config.json'),
  ]);
  return createWorldTokenizer(tokenizer, config);
}

/** A model folder's ONNX export, as an external teacher. */
export async function readTeacherFiles(folder: string, name: string): Promise<TeacherFiles> {
  const [config, tokenizer, onnx] = await Promise.all([
    readJson(folder, 'config.json'),
    readJson(folder, 'tokenizer.json'),
    readFile(join(folder, 'onnx', 'model.onnx')),
  ]);
  return { name, config, tokenizer, onnx: new Uint8Array(onnx) };
}
