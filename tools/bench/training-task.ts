import type { OptimizerStep } from '../../src/learn/policy.ts';
import { PLAIN_LLAMA, type DecoderConfig } from '../../src/model/config.ts';
import type { Rng } from '../../src/world/rng.ts';

/** The decoder that both engines train: Llama-style with a tied head, 869,504 parameters. */
export const TRAINED_SHAPE: DecoderConfig = {
  ...PLAIN_LLAMA,
  vocab: 512,
  dim: 128,
  layers: 4,
  heads: 4,
  kvHeads: 4,
  headDim: 32,
  ffn: 352,
  normEps: 1e-5,
  ropeTheta: 10_000,
  contextLength: 128,
  bos: 1,
  eos: [2],
  pad: 0,
};

export const SEQUENCES = 8;
/** Tokens fed of each sequence; as many are predicted. */
export const SEQUENCE_TOKENS = 128;
export const STEP_TOKENS = SEQUENCES * SEQUENCE_TOKENS;

export const OPTIMIZER: OptimizerStep = {
  learningRate: 1e-3,
  beta1: 0.9,
  beta2: 0.98,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clipNorm: 1,
};

/** Input of one step: `SEQUENCES` sequences of `SEQUENCE_TOKENS + 1` tokens, each predicted from those before it. */
export type TokenBatch = readonly Uint32Array<ArrayBuffer>[];

/** Tokens with something to learn: each sequence counts up from a random start by a step of 1 to 4. */
export function tokenBatch(rng: Rng): TokenBatch {
  return Array.from({ length: SEQUENCES }, () => {
    const start = rng.int(TRAINED_SHAPE.vocab);
    const stride = 1 + rng.int(4);
    return Uint32Array.from(
      { length: SEQUENCE_TOKENS + 1 },
      (_, i) => (start + i * stride) % TRAINED_SHAPE.vocab,
    );
  });
}

/** An engine that holds the model, its gradients and AdamW's moments, and takes steps on it. */
export interface TrainingEngine {
  readonly name: string;
  readonly device: GPUDevice;
  /** Forward, cross-entropy, every gradient, clip by global norm, AdamW. Resolves with the loss once the GPU is done. */
  step(batch: TokenBatch): Promise<number>;
}
