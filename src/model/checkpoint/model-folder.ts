import type { DecoderConfig } from '../config.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint.ts';
import { readConfigFile, type SizeLimits } from './config-file.ts';
import type { ModelSource } from './model-source.ts';
import { readTokenizerFiles, type TokenizerFiles } from './tokenizer-files.ts';

/** A model folder in Hugging Face layout, its files checked individually and against each other. */
export interface ModelFolder extends TokenizerFiles {
  readonly name: string;
  readonly config: DecoderConfig;
  readonly checkpoint: Checkpoint;
}

/**
 * Opens a model folder without reading its weights. Touches neither the GPU nor anything already open.
 * @throws LabError for every fault of the files, naming file, place, consequence and next step.
 */
export async function openModelFolder(source: ModelSource, limits: SizeLimits): Promise<ModelFolder> {
  const config = await readConfigFile(source, limits);
  const texts = await readTokenizerFiles(source, config.vocab);
  return { name: source.name, config, ...texts, checkpoint: await openCheckpoint(source, config) };
}
