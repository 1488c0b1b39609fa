import { LabError } from '../contract/errors.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { NO_FIGURES, type StepRecord } from '../record/step-record.ts';
import { Rng } from '../world/rng.ts';
import type { AnsweredPrompt, FineTuner } from './supervised-training.ts';
import { mixSeed, STREAM } from '../tasks/seeds.ts';
import type { Task, TaskSource } from '../tasks/task.ts';
import { notFinite, type StepSettings } from './train-step.ts';
import { generateAll, type AnswerGenerator } from './generator.ts';

/** Queries that are answered to build the set. */
const QUERIES = 256;
/** Fewest suitable answers. */
const FEWEST = 8;

/**
 * The answers that a supervised baseline learns, given *under* the constitution and learnt *without* it: of harmful queries those
 * that are judged as asked for (refusals by the model itself, or rich ones by the frontier), of other kinds all.
 * @throws LabError `E_TARGETS` where too few answers fit.
 */
export async function buildTargets(
  config: Pick<RunConfig, 'mix' | 'seed' | 'maxNewTokens'>,
  wanted: 'refuse' | 'rich',
  tasks: TaskSource,
  generator: AnswerGenerator,
): Promise<AnsweredPrompt[]> {
  const asked = tasks.drawn(config.mix, QUERIES, STREAM.targets);
  const prompts = asked.map(task => task.teacherPrompt);
  const answers = await generateAll(generator, prompts, { ...config, stream: STREAM.targets });
  const fits = (task: Task, i: number): boolean =>
    task.kind !== 'harmful' || task.judge(answers[i]!.tokens).label === wanted;
  const pairs = asked.flatMap((task, i) =>
    fits(task, i) ? [{ prompt: task.prompt, response: answers[i]!.tokens }] : [],
  );
  if (pairs.length >= FEWEST) return pairs;
  throw new LabError({
    code: 'E_TARGETS',
    message: `only ${pairs.length} of ${QUERIES} answers under the constitution were judged ‘${wanted}’`,
    consequence: 'There is too little to learn from, so the run did not start.',
    nextStep: 'Choose a constitution that covers the harmful queries, or another recipe.',
  });
}

/** One step of supervised fine-tuning of the student on drawn pairs. No teacher takes part: its figures are null. */
export async function supervisedStep(
  tuner: FineTuner,
  targets: readonly AnsweredPrompt[],
  { config, step, learningRate }: { config: RunConfig; step: number } & Pick<StepSettings, 'learningRate'>,
): Promise<StepRecord> {
  const began = performance.now();
  const rng = new Rng(mixSeed(config.seed, step));
  const count = config.queries * config.rolloutsPerQuery;
  const pairs = Array.from({ length: count }, () => rng.pick(targets));
  const { loss, gradientNorm, entropy } = await tuner.step(pairs, { ...config.optimizer, learningRate });
  if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw notFinite(step, 0);
  const tokens = pairs.reduce((sum, { response }) => sum + response.length, 0);
  return {
    ...NO_FIGURES,
    step,
    loss,
    learningRate,
    gradientNorm,
    tokens,
    length: tokens / count,
    studentEntropy: entropy,
    seconds: (performance.now() - began) / 1000,
    rolloutSeconds: 0,
    kinds: {},
  };
}
