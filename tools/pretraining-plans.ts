import type { DecoderConfig } from '../src/model/config.ts';
import type { CurriculumPhase } from '../src/world/curriculum.ts';
import type { MixtureProfile } from '../src/world/mixture.ts';

/** One stage of a curriculum: cosine from `learningRate` to `floor` of it after 50 steps of warm-up. */
export interface PretrainingStage {
  readonly phase: CurriculumPhase;
  readonly steps: number;
  readonly learningRate: number;
  readonly floor: number;
  readonly tokensPerBatch: number;
}

export interface PretrainingPlan {
  readonly shape: Omit<DecoderConfig, 'vocab' | 'bos' | 'eos' | 'pad'>;
  readonly profile: MixtureProfile;
  readonly stages: readonly PretrainingStage[];
}

/** What `npm run pretrain -- --plan NAME` can train. */
export const PRETRAINING: Readonly<Record<string, PretrainingPlan>> = {
  'world-s': {
    shape: {
      ...{ dim: 96, layers: 3, heads: 4, kvHeads: 2, headDim: 24, ffn: 256 },
      ...{ normEps: 1e-5, ropeTheta: 10_000, contextLength: 512 },
    },
    profile: 'base',
    stages: [
      { phase: 'mixture', steps: 1400, learningRate: 3e-3, floor: 0.3, tokensPerBatch: 1024 },
      { phase: 'gate', steps: 450, learningRate: 2e-3, floor: 0.5, tokensPerBatch: 1024 },
      { phase: 'mixture+cut', steps: 950, learningRate: 2.5e-3, floor: 0.02, tokensPerBatch: 2048 },
      { phase: 'mixture+cut', steps: 450, learningRate: 2e-3, floor: 0.02, tokensPerBatch: 2048 },
    ],
  },
};
