import { LabError } from '../contract/errors.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { StepRecord } from '../record/run-record.ts';
import { METRIC } from '../kernels/divergence/divergence-rows.ts';
import type { Distiller } from './distiller.ts';
import { learnFrom } from './objective.ts';
import type { FrozenModel } from './policy.ts';
import type { RolloutEngine } from './rollout.ts';
import { figuresByKind } from './step-figures.ts';
import type { Task, TaskSource } from '../tasks/task.ts';
import type { Teacher } from './teachers.ts';
import { columnMean, participatingMean } from './token-metrics.ts';

/** What a training step works with: all of it outlives the step. */
export interface Training {
  readonly config: RunConfig;
  readonly tasks: TaskSource;
  readonly rollouts: RolloutEngine;
  readonly distiller: Distiller;
  /** π_T: sees the constitution. */
  readonly teacher: Teacher;
  /** The untrained student. */
  readonly base: FrozenModel;
  /** Tasks with reference answers in the teacher's context, where the settings ask for them. */
  withGold(tasks: readonly Task[], step: number): Promise<readonly Task[]>;
}

/** Settings of one step, schedule and live changes included. */
export interface StepSettings {
  readonly learningRate: number;
  readonly temperature: number;
}

/**
 * One step of on-policy self-distillation (docs/method.md): the student answers without the constitution, the teacher scores
 * the same tokens with it, and the student moves toward the teacher; a teacher that follows the student follows it.
 * @throws LabError `E_RUN_NOT_FINITE` when loss or gradient is not finite: the weights are then those before the step.
 */
export async function trainStep(
  training: Training,
  step: number,
  { learningRate, temperature }: StepSettings,
): Promise<StepRecord> {
  const began = performance.now();
  const { config, tasks, rollouts, distiller, teacher } = training;
  const { queries, rolloutsPerQuery, seed, topK, topP, maxNewTokens } = config;

  const asked = await training.withGold(tasks.training(step, queries), step);
  const batch = repeat(asked, rolloutsPerQuery);
  const answers = await rollouts.run(
    distiller.learner.decoder,
    batch.map(task => task.prompt),
    { temperature, topK, topP, seed, stream: step },
    maxNewTokens,
  );
  const rolledOut = performance.now();

  const optimizer = { ...config.optimizer, learningRate };
  const { metrics, gradient } = await learnFrom(training, batch, answers, optimizer);
  const loss = participatingMean(metrics, METRIC.loss, config.shaping.skipFirst);
  if (gradient.nonFinite > 0 || (loss !== null && !Number.isFinite(loss)))
    throw notFinite(step, gradient.nonFinite);
  teacher.follow(step);

  const tokens = answers.reduce((sum, answer) => sum + answer.tokens.length, 0);
  return {
    step,
    loss,
    reverseKl: columnMean(metrics, METRIC.reverseKl),
    studentEntropy: columnMean(metrics, METRIC.studentEntropy),
    teacherEntropy: columnMean(metrics, METRIC.teacherEntropy),
    length: tokens / answers.length,
    gradientNorm: gradient.norm,
    learningRate,
    tokens,
    seconds: (performance.now() - began) / 1000,
    rolloutSeconds: (rolledOut - began) / 1000,
    kinds: figuresByKind(batch, answers, metrics),
  };
}

function repeat(tasks: readonly Task[], times: number): Task[] {
  return tasks.flatMap(task => Array.from({ length: times }, () => task));
}

/** A step that gave numbers which are not finite. */
export function notFinite(step: number, count: number): LabError {
  return new LabError({
    code: 'E_RUN_NOT_FINITE',
    message: `step ${step} gave numbers that are not finite (${count} of the gradient)`,
    place: `step ${step}`,
    consequence: 'The run stopped; the weights are those of the step before, and all records are kept.',
    nextStep: 'Lower the learning rate, or clip the gradient, and run again.',
  });
}
