import { inspectedObjective } from '../record/inspection.ts';
import { isDivergence } from '../settings/objectives.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { Rollout } from '../model/rollout-types.ts';
import type { Task } from '../tasks/task.ts';
import type { DivergenceLoss } from './distiller.ts';
import type { FrozenModel, OptimizerStep } from './policy.ts';
import type { PolicyGradientLearning } from './policy-gradient.ts';

/** A step on a divergence of whole next-token distributions. */
export interface DivergenceLearning {
  readonly loss: DivergenceLoss;
  readonly optimizer: OptimizerStep;
}

/**
 * What the settings have a step minimise on these answers; without answers, what its kernels are compiled for.
 * @param base holds policy gradients near it
 */
export async function learningOf(
  config: RunConfig,
  base: FrozenModel,
  optimizer: OptimizerStep,
  batch: readonly Task[] = [],
  answers: readonly Rollout[] = [],
): Promise<DivergenceLearning | PolicyGradientLearning> {
  if (isDivergence(config.objective)) return { loss: divergenceLoss(config), optimizer };
  const { rolloutsPerQuery, policyGradient, shaping } = config;
  const { clipRatio, anchor, updates } = policyGradient;
  return {
    rolloutsPerQuery,
    rewards: await rewardsOf(config, batch, answers),
    oldLogProbs: Float32Array.from(answers.flatMap(({ logProbs }) => [...logProbs])),
    clipRatio,
    anchor: { weight: anchor, base },
    updates,
    skipFirst: shaping.skipFirst,
    optimizer,
  };
}

/** The run's divergence as it is minimised; the plain reverse KL, shaped alike, where its objective is none. */
export function divergenceLoss(config: RunConfig): DivergenceLoss {
  const { divergenceTemperature: temperature, shaping } = config;
  const { skipFirst, ...clipping } = shaping;
  return { objective: inspectedObjective(config), temperature, shaping: clipping, skipFirst };
}

/** Outcome rewards of the answers that take one: all of a group reward's, those of the named kinds in a hybrid. */
async function rewardsOf(
  { objective, policyGradient }: RunConfig,
  batch: readonly Task[],
  answers: readonly Rollout[],
): Promise<(number | null)[]> {
  const rewards: (number | null)[] = [];
  for (const [i, task] of batch.entries()) {
    const { tokens } = answers[i]!;
    const counts = objective.kind === 'group-reward' || policyGradient.outcomeKinds.includes(task.kind);
    if (counts) await task.review?.(tokens);
    rewards.push(counts ? task.reward(tokens) : null);
  }
  return rewards;
}
