import { resolve } from 'node:path';
import { openLab, type Lab } from '../src/distill/lab.ts';
import { openGpu } from '../src/gpu/device.ts';
import { openDawn } from './dawn.ts';
import { readModelFiles, readTeacherFiles } from './model-folder.ts';

const folderOf = (name: string): string => resolve('public/models', name);

/** A lab in this process: a model of public/models on Dawn, external models from the same place. */
export async function openLabHere(model: string): Promise<Lab> {
  const gpu = await openGpu(await openDawn());
  return await openLab(gpu, await readModelFiles(folderOf(model), model), `Node ${process.version}`, {
    externals: name => readTeacherFiles(folderOf(name), name),
  });
}
