import { LabError } from '../contract/errors.ts';
import type { RunConfig } from '../contract/run-config.ts';
import type { KindFigures, StepRecord } from '../contract/run-record.ts';
import { QUERY_KINDS, type QueryKind } from '../contract/world.ts';
import { METRIC } from '../kernels/divergence/divergence-rows.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import type { Distiller } from './distiller.ts';
import type { Rollout, RolloutEngine } from './rollout.ts';
import type { Task, TaskSource } from './task.ts';
import { columnMean, type TokenMetrics } from './token-metrics.ts';

/** What a training step works with: all of it outlives the step. */
export interface Training {
  readonly config: RunConfig;
  readonly tasks: TaskSource;
  readonly rollouts: RolloutEngine;
  readonly distiller: Distiller;
  /** π_T: sees the constitution. */
  readonly teacher: Decoder;
}

/**
 * One step of on-policy self-distillation (docs/method.md): the student answers without the constitution, the teacher scores
 * the same tokens with it, and the student moves toward the teacher.
 * @param learningRate of this step, schedule included
 * @throws LabError `E_RUN_NOT_FINITE` when loss or gradient is not finite: the weights are then those before the step.
 */
export async function trainStep(
  { config, tasks, rollouts, distiller, teacher }: Training,
  step: number,
  { learningRate, temperature }: { learningRate: number; temperature: number },
): Promise<StepRecord> {
  const began = performance.now();
  const { rolloutsPerQuery, seed, topK, topP, maxNewTokens } = config;
  const batch = repeat(tasks.training(step, config.queries), rolloutsPerQuery);

  const answers = await rollouts.run(
    distiller.learner.decoder,
    batch.map(task => task.prompt),
    { temperature, topK, topP, seed, stream: step },
    maxNewTokens,
  );
  const rolledOut = performance.now();

  const { metrics, gradient } = await distiller.learn(
    teacher,
    batch.map((task, i) => ({ ...task, response: answers[i]!.tokens })),
    {
      objective: config.objective,
      rolloutsPerQuery,
      temperature: config.divergenceTemperature,
      optimizer: { ...config.optimizer, learningRate },
    },
  );

  const loss = columnMean(metrics, METRIC.loss);
  if (gradient.nonFinite > 0 || !Number.isFinite(loss)) throw notFinite(step, gradient.nonFinite);
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

function figuresByKind(
  batch: readonly Task[],
  answers: readonly Rollout[],
  metrics: TokenMetrics,
): Partial<Record<QueryKind, KindFigures>> {
  const kinds: Partial<Record<QueryKind, KindFigures>> = {};
  for (const kind of QUERY_KINDS) {
    const rows = batch.flatMap((task, i) => (task.kind === kind ? [i] : []));
    if (rows.length === 0) continue;
    const mean = (of: (row: number) => number): number =>
      rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
    const declined = (row: number): boolean =>
      ['refuse', 'rich'].includes(batch[row]!.judge(answers[row]!.tokens).label);
    kinds[kind] = {
      rollouts: rows.length,
      length: mean(row => answers[row]!.tokens.length),
      refusal: mean(row => Number(declined(row))),
      reverseKl: mean(row =>
        columnMean(metrics, METRIC.reverseKl, metrics.start[row], metrics.start[row + 1]),
      ),
    };
  }
  return kinds;
}

function notFinite(step: number, count: number): LabError {
  return new LabError({
    code: 'E_RUN_NOT_FINITE',
    message: `step ${step} gave numbers that are not finite (${count} of the gradient)`,
    place: `step ${step}`,
    consequence: 'The run stopped; the weights are those of the step before, and all records are kept.',
    nextStep: 'Lower the learning rate, or clip the gradient, and run again.',
  });
}
