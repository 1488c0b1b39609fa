import { inspectedObjective } from '../record/inspection.ts';
import { isDivergence, type Objective } from '../settings/objectives.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { Rollout } from '../model/rollout-types.ts';
import type { DenseLearning, DenseObjective, MeasuredDivergence } from './dense-learning.ts';
import type { UpdateResult } from './distiller.ts';
import type { ScoredResponse } from './scored-response.ts';
import type { FrozenModel, OptimizerStep } from './policy.ts';
import type { PolicyGradientLearning } from './policy-gradient.ts';
import type { Task } from '../tasks/task.ts';
import type { Training } from './train-step.ts';

/** Moves the student on its own answers by the run's objective: a divergence of whole distributions, or a policy gradient. */
export async function learnFrom(
  { config, distiller, teacher, base }: Pick<Training, 'config' | 'distiller' | 'teacher' | 'base'>,
  batch: readonly Task[],
  answers: readonly Rollout[],
  optimizer: OptimizerStep,
): Promise<UpdateResult> {
  const responses: ScoredResponse[] = batch.map((task, i) => ({ ...task, response: answers[i]!.tokens }));
  const dense = denseLearning(config, optimizer);
  return dense
    ? await distiller.learn(teacher.scorer, responses, dense)
    : await distiller.learnSampled(teacher.scorer, responses, {
        ...sampledLearning(config, base, optimizer),
        rewards: await rewardsOf(config, batch, answers),
        oldLogProbs: Float32Array.from(answers.flatMap(({ logProbs }) => [...logProbs])),
      });
}

/** The learning that a run's kernels are compiled for. */
export const learningOf = (
  config: RunConfig,
  base: FrozenModel,
  optimizer: OptimizerStep,
): DenseLearning | PolicyGradientLearning =>
  denseLearning(config, optimizer) ?? {
    ...sampledLearning(config, base, optimizer),
    rewards: [null],
    oldLogProbs: Float32Array.of(0),
  };

function denseLearning(config: RunConfig, optimizer: OptimizerStep): DenseLearning | undefined {
  return isDense(config.objective) ? { ...inspectedDivergence(config), optimizer } : undefined;
}

/** What an inspection measures: the run's divergence as it is minimised, or the plain reverse KL where its objective is none. */
export function inspectedDivergence(config: RunConfig): MeasuredDivergence {
  const { divergenceTemperature: temperature, shaping } = config;
  const { skipFirst, ...clipping } = shaping;
  const objective = inspectedObjective(config);
  if (!isDense(objective)) throw new TypeError(`'${objective.kind}' is no divergence`);
  return { objective, temperature, shaping: clipping, skipFirst };
}

const isDense = (objective: Objective): objective is Objective & DenseObjective => isDivergence(objective);

function sampledLearning(
  { policyGradient, shaping, rolloutsPerQuery }: RunConfig,
  base: FrozenModel,
  optimizer: OptimizerStep,
): Omit<PolicyGradientLearning, 'rewards' | 'oldLogProbs'> {
  const { clipRatio, anchor, updates } = policyGradient;
  const { skipFirst } = shaping;
  return { rolloutsPerQuery, clipRatio, anchor: { weight: anchor, base }, updates, skipFirst, optimizer };
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
