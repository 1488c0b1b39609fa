import { createPromptBuilder, type PromptBuilder } from '../data/prompt.ts';
import { createWorldTokenizer, type WorldTokenizer } from '../data/tokenizer.ts';
import type { LabInfo } from '../contract/lab-api.ts';
import { LabError } from '../contract/errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { readConfig, type DecoderConfig } from '../model/config.ts';
import { readSafetensors } from '../model/safetensors.ts';
import { sha256 } from './hash.ts';
import { ArtefactStore } from './artefacts.ts';
import { ExternalModels, noExternals, type ExternalSource } from './external-models.ts';
import { loadModel, type FrozenModel } from './policy.ts';

/** The files of a model folder in Hugging Face layout, read. */
export interface ModelFiles {
  readonly name: string;
  /** Parsed `config.json`, `tokenizer.json` and `tokenizer_config.json`. */
  readonly config: unknown;
  readonly tokenizer: unknown;
  readonly tokenizerConfig: unknown;
  /** Bytes of `model.safetensors`. */
  readonly weights: Uint8Array<ArrayBuffer>;
}

/** A device with a model on it: what every run of a session shares. */
export interface Lab {
  readonly gpu: Gpu;
  readonly name: string;
  readonly config: DecoderConfig;
  /** The base weights; frozen, and the self-teacher's own. */
  readonly base: FrozenModel;
  readonly weightsSha256: string;
  /** What runs the engine: a browser's user agent, or Node with its version. */
  readonly runtime: string;
  readonly tokenizer: WorldTokenizer;
  readonly prompts: PromptBuilder;
  /** `tokenizer.json` as it was read: what other models' tokenizers are compared with. */
  readonly tokenizerFile: unknown;
  /** Frontier and teachers that are other models. */
  readonly externals: ExternalModels;
  /** Calibrated teachers that runs have made. */
  readonly artefacts: ArtefactStore;
}

/** What a lab is opened with besides its model. */
export interface LabParts {
  readonly externals?: ExternalSource;
  /** Kept across devices by whoever opens labs. */
  readonly artefacts?: ArtefactStore;
}

/**
 * Puts a model on the device. @throws LabError when the files do not fit together; UnsupportedConfigError.
 */
export async function openLab(
  gpu: Gpu,
  files: ModelFiles,
  runtime: string,
  { externals = noExternals, artefacts = new ArtefactStore() }: LabParts = {},
): Promise<Lab> {
  const config = readConfig(files.config);
  const tokenizer = createWorldTokenizer(files.tokenizer, files.tokenizerConfig);
  if (tokenizer.vocabularySize > config.vocab)
    throw new LabError({
      code: 'E_MODEL_VOCABULARY',
      message: `the tokenizer has ${tokenizer.vocabularySize} entries, the model ${config.vocab}`,
      file: 'tokenizer.json',
      consequence: 'The model was not opened.',
      nextStep: 'Take both files from the same model folder.',
    });
  return {
    gpu,
    name: files.name,
    config,
    base: loadModel(gpu, gpu.memory, config, readSafetensors(files.weights, 'model.safetensors')),
    weightsSha256: await sha256(files.weights),
    runtime,
    tokenizer,
    prompts: createPromptBuilder(tokenizer),
    tokenizerFile: files.tokenizer,
    externals: new ExternalModels(gpu, config.vocab, files.tokenizer, externals),
    artefacts,
  };
}

/** What the page shows of it. */
export function describeLab({ gpu, name, config, base, tokenizer }: Lab): LabInfo {
  const { vendor, architecture, description } = gpu.device.adapterInfo;
  const parameters = base.parameters.layout.count;
  return {
    adapter: { vendor, architecture, description },
    software: gpu.tuning.software,
    model: {
      ...{ name, parameters, trainable: parameters, vocabulary: tokenizer.vocabularySize },
      ...{ layers: config.layers, contextLength: config.contextLength },
    },
  };
}
