import type { HeadObjective } from '../kernels/divergence/divergence-head.ts';
import type { OptimizerStep } from './policy.ts';

/** A divergence of the whole next-token distribution, as the kernels take it. */
export type DenseObjective = Exclude<
  HeadObjective,
  { kind: 'cross-entropy' | 'policy-gradient' | 'sampled-advantage' }
>;

/** What is minimised on whole distributions, and how the step is taken. */
export interface DenseLearning {
  readonly objective: DenseObjective;
  /** τ by which both models' logits are divided. */
  readonly temperature: number;
  readonly shaping?: { readonly topK: number; readonly tokenClip: number };
  /** Response tokens at the beginning that take no part. */
  readonly skipFirst?: number;
  readonly optimizer: OptimizerStep;
}

/** The same without a step. */
export type MeasuredDivergence = Omit<DenseLearning, 'optimizer'>;
