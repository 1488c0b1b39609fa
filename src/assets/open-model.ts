import type { ModelSource } from '../contract/model-source.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { openModelFolder, type ModelFolder } from '../model/checkpoint/model-folder.ts';
import type { DecoderConfig } from '../model/config.ts';
import { decoderLayout, TABLES } from '../model/decoder-parameters.ts';
import { FrozenWeights } from '../model/frozen-weights.ts';
import type { WeightStorage } from '../model/weight-storage.ts';
import { allocating } from '../gpu/memory.ts';
import { AdapterRegistry } from './adapter-registry.ts';
import { ArtefactStore } from './artefacts.ts';
import { noClassifiers, type ClassifierRegistry } from './classifier-registry.ts';
import { ExternalModels, noExternals, type ExternalSource } from './external-models.ts';
import { openLanguage, type ModelLanguage } from './model-language.ts';
import { frozenModel, type FrozenModel } from '../learn/policy.ts';
import { noPrompts, type PromptRegistry } from './prompt-registry.ts';
import { hashedTensors } from './weights-hash.ts';

/** A model on a device: what all runs share. */
export interface OpenModel extends ModelLanguage {
  readonly gpu: Gpu;
  readonly name: string;
  /** Its `eos` has every token that ends an answer. */
  readonly config: DecoderConfig;
  readonly storage: WeightStorage;
  /** The base weights; frozen, and the self-teacher's own. */
  readonly base: FrozenModel;
  readonly weightsSha256: string;
  /** What runs the engine: a browser's user agent, or Node with its version. */
  readonly runtime: string;
  /** The files that the model was opened from. */
  readonly source: ModelSource;
  readonly folder: ModelFolder;
  /** `tokenizer.json` as read: other models' tokenizers are compared with it. */
  readonly tokenizerFile: unknown;
  /** The frontier and external teachers. */
  readonly externals: ExternalModels;
  /** Calibrated teachers made by runs. */
  readonly artefacts: ArtefactStore;
  /** Prompts in natural language. */
  readonly promptSets: Pick<PromptRegistry, 'find'>;
  /** Text classifiers that judge answers. */
  readonly classifiers: Pick<ClassifierRegistry, 'find'>;
  /** The user's adapters. */
  readonly adapters: AdapterRegistry;
}

/** What a model is opened with besides its files. */
export interface ModelParts {
  /** How the frozen weights are stored on the device; f32 by default. */
  readonly storage?: WeightStorage;
  readonly externals?: ExternalSource;
  /** Kept across devices by whoever opens models. */
  readonly artefacts?: ArtefactStore;
  readonly promptSets?: Pick<PromptRegistry, 'find'>;
  readonly adapters?: AdapterRegistry;
  readonly classifiers?: Pick<ClassifierRegistry, 'find'>;
  /** Called while weights are read, with the number of values done and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** More than any browser gives a page: larger configurations are refused before anything is allocated. */
export const MOST_WEIGHT_BYTES = 16 * 2 ** 30;

/**
 * Uploads a model to the device, tensor by tensor. Where that fails its buffers are freed; the device is the caller's to close.
 * @throws LabError when the files are damaged or inconsistent (`openModelFolder`, `openLanguage`); OutOfGpuMemoryError.
 */
export async function openModel(
  gpu: Gpu,
  source: ModelSource,
  runtime: string,
  parts: ModelParts = {},
): Promise<OpenModel> {
  const { storage = 'f32', externals = noExternals, artefacts = new ArtefactStore() } = parts;
  const folder = await openModelFolder(source, { maxBytes: MOST_WEIGHT_BYTES, storage });
  const language = openLanguage(folder);
  const config = { ...folder.config, eos: language.tokenizer.endOfTurn };
  const memory = gpu.memory.scope();
  const hashed = hashedTensors(folder.checkpoint.tensors);
  try {
    const weights = await allocating(
      gpu.device,
      'the model',
      () => new FrozenWeights(gpu, memory, decoderLayout(config), { storage, tables: TABLES }),
    );
    await weights.fillFrom(hashed.tensors, parts.onProgress);
    return {
      gpu,
      name: source.name,
      config,
      storage,
      runtime,
      source,
      folder,
      artefacts,
      ...language,
      base: frozenModel(gpu, memory, config, weights),
      weightsSha256: await hashed.digest(),
      tokenizerFile: folder.tokenizer,
      externals: new ExternalModels(gpu, config.vocab, folder.tokenizer, externals),
      promptSets: parts.promptSets ?? noPrompts,
      adapters: parts.adapters ?? new AdapterRegistry(),
      classifiers: parts.classifiers ?? noClassifiers,
    };
  } catch (error) {
    memory.release();
    throw error;
  }
}
