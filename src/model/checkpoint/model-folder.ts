import type { DecoderConfig } from '../config.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint.ts';
import { readConfigFile, type SizeLimits } from './config-file.ts';
import type { ModelSource } from './model-source.ts';
import { readTokenizerFiles, type TokenizerFiles } from './tokenizer-files.ts';

/** A model folder in Hugging Face layout whose files are checked, each by itself and against the others. */
export interface ModelFolder extends TokenizerFiles {
  readonly name: string;
  readonly config: DecoderConfig;
  readonly checkpoint: Checkpoint;
}

/**
 * Opens a model folder without reading its weights or touching the GPU.
 * @throws LabError for every fault of the files, naming file, place, consequence and next step.
 */
export async function openModelFolder(source: ModelSource, limits: SizeLimits): Promise<ModelFolder> {
  const config = await readConfigFile(source, limits);
  const texts = await readTokenizerFiles(source, config.vocab);
  return { name: source.name, config, ...texts, checkpoint: await openCheckpoint(source, config) };
}
