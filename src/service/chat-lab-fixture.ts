import type { ModelStore } from '../contract/model-store.ts';
import { LabError } from '../contract/errors.ts';
import type { PathedFile } from '../protocol/model-api.ts';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { qwenLike } from '../data/chat/chat-models-fixture.ts';
import { PLAIN_LLAMA, writeConfig, type DecoderConfig } from '../model/config.ts';
import { initialWeights } from '../model/initial-weights.ts';
import { writeSafetensors } from '../model/safetensors.ts';
import { testRandom } from '../testing/random.ts';

/** Files of a random two-layer chat model with a Qwen-like tokenizer, as a user would choose them. */
export function chatFiles(folder: string): PathedFile[] {
  const { tokenizer, config: tokenizerConfig, eos } = qwenLike();
  const config: DecoderConfig = {
    ...PLAIN_LLAMA,
    family: 'qwen2',
    attentionBias: true,
    vocab: 512,
    dim: 32,
    layers: 2,
    heads: 2,
    kvHeads: 1,
    headDim: 16,
    ffn: 48,
    normEps: 1e-6,
    ropeTheta: 10_000,
    contextLength: 1_024,
    bos: null,
    eos,
    pad: null,
  };
  const random = testRandom(21);
  const weights = new Map(
    [...initialWeights(config, () => random.normals(1)[0]!)].map(([name, { shape, data }]) => [
      name,
      { shape, data: name.includes('embed_tokens') ? data.map(value => 4 * value) : data },
    ]),
  );
  const texts = {
    'config.json': writeConfig(config),
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': tokenizerConfig,
    'generation_config.json': { eos_token_id: eos },
  };
  return [
    ...Object.entries(texts).map(([name, json]) => pathed(`${folder}/${name}`, JSON.stringify(json))),
    pathed(`${folder}/model.safetensors`, writeSafetensors(weights)),
  ];
}

export const pathed = (path: string, content: string | Uint8Array<ArrayBuffer>): PathedFile => ({
  path,
  file: new File([content], path.slice(path.lastIndexOf('/') + 1)),
});

/** One prompt of every kind to train on, and one that is held out. */
export const PROMPTS = ['benign', 'borderline', 'harmful', 'general']
  .flatMap(kind =>
    ['train', 'heldout'].map(split =>
      JSON.stringify({ prompt: `how do I ${kind} the ${split} bread`, kind, split, category: 'default' }),
    ),
  )
  .join('\n');

/** A browser that keeps no files. */
export function noStore(): ModelStore {
  const missing = (): Promise<never> =>
    Promise.reject(
      new LabError({
        code: 'E_STORAGE_MISSING',
        message: 'no storage',
        consequence: 'none',
        nextStep: 'none',
      }),
    );
  return {
    list: missing,
    usage: missing,
    plan: missing,
    readText: missing,
    download: missing,
    open: missing,
    delete: missing,
  };
}

/** Two steps of self-distillation of an adapter. */
export const chatConfig = (model: string, sha256: string, changes: Partial<RunConfig> = {}): RunConfig => ({
  ...DEFAULT_CONFIG,
  model,
  steps: 2,
  queries: 2,
  maxNewTokens: 8,
  lora: { rank: 4, alpha: 8, targets: ['q_proj', 'v_proj', 'down_proj'], lastLayers: 0 },
  chat: {
    storage: 'f32',
    recompute: 'always',
    prompts: { title: 'prompts', sha256 },
    thinking: false,
    classifier: null,
  },
  mix: { benign: 0.3, borderline: 0.3, harmful: 0.4, general: 0 },
  optimizer: { ...DEFAULT_CONFIG.optimizer, learningRate: 0.02, warmupSteps: 0 },
  evaluation: { every: 2, queriesPerKind: 1, geometry: false, benchmarkItems: 0, inspect: 0 },
  ...changes,
});
