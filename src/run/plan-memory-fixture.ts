import { PLAIN_LLAMA, type DecoderConfig } from '../model/config.ts';
import { TABLES } from '../model/decoder-parameters.ts';
import type { SourceTensor } from '../model/frozen-weights.ts';
import { initialWeights } from '../model/initial-weights.ts';
import { testRandom } from '../testing/random.ts';

const COMMON = { ...PLAIN_LLAMA, contextLength: 8_192, bos: 1, eos: [2], pad: 0 };

/** HuggingFaceTB/SmolLM2-135M-Instruct. */
export const SMOL_SHAPE: DecoderConfig = {
  vocab: 49_152,
  dim: 576,
  layers: 30,
  heads: 9,
  kvHeads: 3,
  headDim: 64,
  ffn: 1_536,
  normEps: 1e-5,
  ropeTheta: 100_000,
  ...COMMON,
};

/** Qwen/Qwen2.5-0.5B-Instruct. */
export const QWEN_SHAPE: DecoderConfig = {
  vocab: 151_936,
  dim: 896,
  layers: 24,
  heads: 14,
  kvHeads: 2,
  headDim: 64,
  ffn: 4_864,
  normEps: 1e-6,
  ropeTheta: 1_000_000,
  ...COMMON,
  family: 'qwen2',
  attentionBias: true,
};

/** The same proportions, small enough to run on a software adapter. */
export const TINY_SHAPE: DecoderConfig = {
  vocab: 1_500,
  dim: 96,
  layers: 6,
  heads: 3,
  kvHeads: 1,
  headDim: 32,
  ffn: 256,
  normEps: 1e-5,
  ropeTheta: 10_000,
  ...COMMON,
};

/** Rows that do not fill a block of 32, so 8-bit weights fall back to f16. */
export const NARROW_SHAPE: DecoderConfig = {
  vocab: 900,
  dim: 60,
  layers: 3,
  heads: 5,
  kvHeads: 5,
  headDim: 12,
  ffn: 132,
  normEps: 1e-5,
  ropeTheta: 10_000,
  ...COMMON,
};

/** Random weights as a checkpoint in f32 would give them. */
export function randomCheckpoint(config: DecoderConfig): Map<string, SourceTensor> {
  const random = testRandom(11);
  return new Map(
    [...initialWeights(config, () => random.normals(1)[0]!)].map(([name, { shape, data }]) => {
      // Larger embeddings make its logits less uniform, so there is something to teach.
      const bytes = new Uint8Array(data.map(value => (TABLES.has(name) ? 2 * value : value)).buffer);
      return [name, { type: 'F32', shape, read: (begin, end) => Promise.resolve(bytes.slice(begin, end)) }];
    }),
  );
}
