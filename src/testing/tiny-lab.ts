import { DEFAULT_CONFIG } from '../contract/default-config.ts';
import type { RunConfig } from '../contract/run-config.ts';
import { buildTokenizerConfig, buildTokenizerJson } from '../data/tokenizer-files.ts';
import type { Gpu } from '../gpu/gpu.ts';
import { writeConfig, type DecoderConfig } from '../model/config.ts';
import { initialWeights } from '../model/initial-weights.ts';
import { normalFrom } from '../model/random.ts';
import { writeSafetensors } from '../model/safetensors.ts';
import { Rng } from '../world/rng.ts';
import { worldWords } from '../world/vocabulary.ts';
import { openLab, type Lab, type ModelFiles } from '../distill/lab.ts';

/** Files of a random one-layer model with the world's tokenizer: for tests of what goes on around a model. */
function tinyModelFiles(seed = 1): ModelFiles {
  const tokenizer = buildTokenizerJson(worldWords());
  const config: DecoderConfig = {
    ...{ vocab: vocabularySize(tokenizer), dim: 16, layers: 1, heads: 2, kvHeads: 1, headDim: 8, ffn: 24 },
    ...{ normEps: 1e-5, ropeTheta: 10_000, contextLength: 512, bos: 1, eos: 5, pad: 0 },
  };
  const rng = new Rng(seed);
  const weights = initialWeights(
    config,
    normalFrom(() => rng.float()),
  );
  return {
    name: 'tiny',
    config: writeConfig(config),
    tokenizer,
    tokenizerConfig: buildTokenizerConfig(),
    weights: writeSafetensors(weights),
  };
}

export async function tinyLab(gpu: Gpu): Promise<Lab> {
  return await openLab(gpu, tinyModelFiles(), 'test');
}

/** A run of a few small steps. */
export function tinyConfig(changes: Partial<RunConfig> = {}): RunConfig {
  return {
    ...DEFAULT_CONFIG,
    ...{ model: 'tiny', steps: 4, queries: 3, maxNewTokens: 8 },
    evaluation: { every: 2, queriesPerKind: 2, geometry: false, benchmarkItems: 0 },
    ...changes,
  };
}

function vocabularySize(tokenizer: object): number {
  return Object.keys((tokenizer as { model: { vocab: object } }).model.vocab).length;
}
