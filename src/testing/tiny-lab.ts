import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { buildTokenizerConfig, buildTokenizerJson } from '../data/tokenizer-files.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { PLAIN_LLAMA, writeConfig, type DecoderConfig } from '../model/config.ts';
import { initialWeights } from '../model/initial-weights.ts';
import { normalFrom } from '../model/random.ts';
import { writeSafetensors } from '../model/safetensors.ts';
import { Rng } from '../world/rng.ts';
import { worldWords } from '../world/vocabulary.ts';
import type { TeacherFiles } from '../protocol/lab-api.ts';
import type { ExternalSource } from '../assets/external-models.ts';
import type { ModelSource } from '../contract/model-source.ts';
import { openModel, type OpenModel } from '../assets/open-model.ts';
import { memorySource } from '../model/checkpoint/model-source.ts';
import { writeOnnx } from '../model/onnx/write-onnx.ts';
import type { NamedArrays } from '../model/parameters.ts';

export interface TinyOptions {
  readonly seed?: number;
  /** Factor on the embedding, and so on the logits. At 1, as drawn, a model's logits are almost uniform; at 0 they are equal. */
  readonly opinion?: number;
}

function tinyModel({ seed = 1, opinion = 6 }: TinyOptions) {
  const tokenizer = buildTokenizerJson(worldWords());
  const config: DecoderConfig = {
    ...PLAIN_LLAMA,
    vocab: vocabularySize(tokenizer),
    dim: 16,
    layers: 1,
    heads: 2,
    kvHeads: 1,
    headDim: 8,
    ffn: 24,
    normEps: 1e-5,
    ropeTheta: 10_000,
    contextLength: 512,
    bos: 1,
    eos: [5],
    pad: 0,
  };
  const rng = new Rng(seed);
  const drawn = initialWeights(
    config,
    normalFrom(() => rng.float()),
  );
  const weights: NamedArrays = new Map(
    [...drawn].map(([name, { shape, data }]) => [
      name,
      { shape, data: name === 'model.embed_tokens.weight' ? data.map(value => opinion * value) : data },
    ]),
  );
  return { config, tokenizer, weights };
}

/** A random one-layer model with the world's tokenizer, for tests of everything around a model. */
export function tinySource(options: TinyOptions = {}): ModelSource {
  const { config, tokenizer, weights } = tinyModel(options);
  return memorySource(
    'tiny',
    new Map<string, string | Uint8Array<ArrayBuffer>>([
      ['config.json', JSON.stringify(writeConfig(config))],
      ['tokenizer.json', JSON.stringify(tokenizer)],
      ['tokenizer_config.json', JSON.stringify(buildTokenizerConfig())],
      ['model.safetensors', writeSafetensors(weights)],
    ]),
  );
}

/** Another such model, as an external teacher. */
export function tinyTeacherFiles(name: string, options: TinyOptions = {}): TeacherFiles {
  const { config, tokenizer, weights } = tinyModel({ seed: 2, ...options });
  const onnx = writeOnnx(config, weights, { precision: 'f32' });
  return { name, config: writeConfig(config), tokenizer, onnx };
}

/** Any name opens a tiny external model, unless `externals` says otherwise. */
export async function tinyLab(
  gpu: Gpu,
  { externals, ...options }: TinyOptions & { readonly externals?: ExternalSource } = {},
): Promise<OpenModel> {
  return await openModel(gpu, tinySource(options), 'test', {
    externals: externals ?? (name => Promise.resolve(tinyTeacherFiles(name))),
  });
}

/** A run of a few small steps. */
export function tinyConfig(changes: Partial<RunConfig> = {}): RunConfig {
  return {
    ...DEFAULT_CONFIG,
    model: 'tiny',
    steps: 4,
    queries: 3,
    maxNewTokens: 8,
    evaluation: { ...DEFAULT_CONFIG.evaluation, every: 2, queriesPerKind: 2, geometry: false, inspect: 0 },
    ...changes,
  };
}

function vocabularySize(tokenizer: object): number {
  return Object.keys((tokenizer as { model: { vocab: object } }).model.vocab).length;
}
