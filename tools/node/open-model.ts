import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ModelSource } from '../../src/contract/model-source.ts';
import { openModel, type OpenModel, type ModelParts } from '../../src/assets/open-model.ts';
import { PromptRegistry } from '../../src/assets/prompt-registry.ts';
import { openGpu } from '../../src/gpu/device.ts';
import { openDawn } from './dawn.ts';
import { localSource } from './local-source.ts';
import { readTeacherFiles } from './model-folder.ts';

const folderOf = (name: string): string => resolve('public/models', name);

/** What runs the engine, as receipts name it. */
const RUNTIME = `Node ${process.version}`;

/** A model of public/models by its name, or any folder of this machine. */
async function sourceOf(model: string): Promise<ModelSource> {
  const embedded = await stat(folderOf(model)).catch(() => null);
  return await localSource(embedded ? folderOf(model) : model, embedded ? model : undefined);
}

/** The prompts of this machine: the starter set, and files that are added. */
const promptsHere = (): PromptRegistry =>
  new PromptRegistry(async () => new Uint8Array(await readFile(resolve('public/prompts/starter.jsonl'))));

/** A lab in this process: a model of public/models, or of a folder, on Dawn; external models from public/models. */
export async function openModelHere(model: string, parts: ModelParts = {}): Promise<OpenModel> {
  const source = await sourceOf(model);
  const gpu = await openGpu(await openDawn());
  try {
    return await openModel(gpu, source, RUNTIME, {
      externals: name => readTeacherFiles(folderOf(name), name),
      promptSets: promptsHere(),
      ...parts,
    });
  } catch (error) {
    gpu.destroy();
    throw error;
  }
}
