import { LabError } from '../contract/errors.ts';
import type { StepEncoder } from '../gpu/encoder.ts';
import { METRIC } from '../kernels/divergence/divergence-rows.ts';
import type { StepRecord } from '../record/run-record.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { Task, TaskSource } from '../tasks/task.ts';
import type { Distiller, UpdateResult } from './distiller.ts';
import { learningOf, type DivergenceLearning } from './objective.ts';
import type { FrozenModel } from './policy.ts';
import type { RolloutEngine } from './rollout.ts';
import type { ScoredResponse } from './scored-pass.ts';
import { figuresByKind } from './step-figures.ts';
import type { Scorer, Teacher } from './teachers.ts';
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
  const { config, tasks, rollouts, distiller, teacher, base } = training;
  const { queries, rolloutsPerQuery, seed, topK, topP, maxNewTokens } = config;

  // Sample queries x, with the constitution c(x) that is routed to each.
  const sampled = await training.withGold(tasks.training(step, queries), step);
  const batch = sampled.flatMap(task => Array.from({ length: rolloutsPerQuery }, () => task));

  // Roll out y ~ π_S(· | x): the student does not see c(x).
  const answers = await rollouts.run(
    distiller.learner.decoder,
    batch.map(task => task.prompt),
    { temperature, topK, topP, seed, stream: step },
    maxNewTokens,
  );
  const rolledOut = performance.now();

  // Score y under π_T(· | c(x), x), and move the student toward it.
  const learning = await learningOf(config, base, { ...config.optimizer, learningRate }, batch, answers);
  const responses = batch.map((task, i) => ({ ...task, response: answers[i]!.tokens }));
  const { metrics, gradient } =
    'loss' in learning
      ? await divergenceStep(distiller, teacher.scorer, responses, learning)
      : await distiller.policyGradient.step(teacher.scorer, responses, learning);

  const loss = participatingMean(metrics, METRIC.loss, config.shaping.skipFirst);
  if (gradient.nonFinite > 0 || (loss !== null && !Number.isFinite(loss)))
    throw notFinite(`step ${step}`, gradient.nonFinite);
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

/** One optimiser step on the mean divergence over all response tokens: one submit, one readback. */
export async function divergenceStep(
  distiller: Distiller,
  teacher: Scorer,
  responses: readonly ScoredResponse[],
  learning: DivergenceLearning,
): Promise<UpdateResult> {
  await distiller.load(teacher, responses, learning.loss.skipFirst);
  const encoder = distiller.gpu.encoder();
  recordDivergenceStep(encoder, distiller, teacher, learning);
  encoder.submit();
  return await distiller.result();
}

/** Forward, divergence, backward, update. */
function recordDivergenceStep(
  encoder: StepEncoder,
  distiller: Distiller,
  teacher: Scorer,
  { loss, optimizer }: DivergenceLearning,
): void {
  const { learner } = distiller;
  // q_t = π_T(· | c(x), x, y_<t) and p_t = π_S(· | x, y_<t)
  distiller.teacherForward(encoder, teacher);
  distiller.studentForward(encoder);
  // L = mean_t D(p_t, q_t), and its gradient; the teacher gets none.
  learner.zeroGradients(encoder);
  distiller.divergence(encoder, teacher, loss, 'gradient');
  distiller.backward(encoder);
  learner.clip(encoder, optimizer.clipNorm);
  learner.adamw(encoder, optimizer);
}

/** Compiles every kernel that the run's steps dispatch. */
export async function prepareSteps({ config, distiller, teacher, base }: Training): Promise<void> {
  const learning = await learningOf(config, base, config.optimizer);
  await distiller.prepare(encoder => {
    if ('loss' in learning) recordDivergenceStep(encoder, distiller, teacher.scorer, learning);
    else distiller.policyGradient.record(encoder, teacher.scorer, learning);
  });
}

/** A step that gave numbers which are not finite. */
export function notFinite(place: string, count: number): LabError {
  return new LabError({
    code: 'E_RUN_NOT_FINITE',
    message: `${place} gave numbers that are not finite (${count} of the gradient)`,
    place,
    consequence: 'The run stopped; the weights are those of the step before, and all records are kept.',
    nextStep: 'Lower the learning rate, or clip the gradient, and run again.',
  });
}
