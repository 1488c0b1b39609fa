import { PLAIN_LLAMA, type DecoderConfig } from '../../src/model/config.ts';
import type { CurriculumPhase } from '../../src/world/curriculum.ts';
import type { MixtureProfile } from '../../src/world/mixture.ts';

/** One stage of a curriculum: cosine from `learningRate` to `floor` of it after 50 steps of warm-up. */
export interface PretrainingStage {
  readonly phase: CurriculumPhase;
  readonly steps: number;
  readonly learningRate: number;
  readonly floor: number;
  readonly tokensPerBatch: number;
  /** Shares of benign, borderline, harmful and general documents, where they are not the corpus's. */
  readonly kindShares?: readonly number[];
}

export interface PretrainingPlan {
  readonly shape: Omit<DecoderConfig, 'vocab' | 'bos' | 'eos' | 'pad'>;
  readonly profile: MixtureProfile;
  /**
   * Initial weights: another model of the same width. Layer l starts as a copy of its layer `layers[l]`; second and later copies contribute
   * nothing at first (see `growWeights`). Absent: random weights.
   */
  readonly growFrom?: { readonly model: string; readonly layers: readonly number[] };
  readonly stages: readonly PretrainingStage[];
}

/** What `npm run pretrain -- --plan NAME` can train. */
export const PRETRAINING: Readonly<Record<string, PretrainingPlan>> = {
  'world-s': {
    shape: {
      ...PLAIN_LLAMA,
      dim: 96,
      layers: 3,
      heads: 4,
      kvHeads: 2,
      headDim: 24,
      ffn: 256,
      normEps: 1e-5,
      ropeTheta: 10_000,
      contextLength: 512,
    },
    profile: 'base',
    stages: [
      { phase: 'mixture', steps: 1400, learningRate: 3e-3, floor: 0.3, tokensPerBatch: 1024 },
      { phase: 'gate', steps: 450, learningRate: 2e-3, floor: 0.5, tokensPerBatch: 1024 },
      { phase: 'mixture+cut', steps: 950, learningRate: 2.5e-3, floor: 0.02, tokensPerBatch: 2048 },
      { phase: 'mixture+cut', steps: 450, learningRate: 2e-3, floor: 0.02, tokensPerBatch: 2048 },
      // Sums need the most examples: general questions are short, so a third of the documents is a fifth of the tokens.
      {
        phase: 'mixture+cut',
        steps: 1100,
        learningRate: 2.5e-3,
        floor: 0.02,
        tokensPerBatch: 2048,
        kindShares: [0.17, 0.16, 0.2, 0.47],
      },
      {
        phase: 'mixture+cut',
        steps: 900,
        learningRate: 2.5e-3,
        floor: 0.01,
        tokensPerBatch: 2048,
        kindShares: [0.15, 0.14, 0.18, 0.53],
      },
    ],
  },
  'world-f': {
    shape: {
      ...PLAIN_LLAMA,
      dim: 96,
      layers: 5,
      heads: 4,
      kvHeads: 2,
      headDim: 24,
      ffn: 256,
      normEps: 1e-5,
      ropeTheta: 10_000,
      contextLength: 512,
    },
    profile: 'frontier',
    growFrom: { model: 'world-s', layers: [0, 1, 1, 2, 2] },
    stages: [{ phase: 'mixture+cut', steps: 700, learningRate: 2e-3, floor: 0.02, tokensPerBatch: 2048 }],
  },
};
