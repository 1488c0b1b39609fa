import { LabError } from '../contract/errors.ts';
import type { RunConfig } from '../contract/run-config.ts';
import type {
  EvaluationRecord,
  LiveChange,
  Receipt,
  SampleRecord,
  StepRecord,
} from '../contract/run-record.ts';
import { QUERY_KINDS } from '../contract/world.ts';
import type { Memory } from '../gpu/memory.ts';
import { allocating } from '../gpu/memory.ts';
import { normalFrom } from '../model/random.ts';
import { Rng } from '../world/rng.ts';
import { Distiller } from './distiller.ts';
import { answerAll, klToTeacher, summarize, type Answered } from './evaluation.ts';
import type { Lab } from './lab.ts';
import { Learner, type LearnerState } from './policy.ts';
import { writeReceipt } from './receipt.ts';
import { RolloutEngine } from './rollout.ts';
import { pickSamples } from './samples.ts';
import { learningRateAt } from './schedule.ts';
import { mixSeed, STREAM } from './seeds.ts';
import type { Task } from './task.ts';
import { trainStep, type Training } from './train-step.ts';
import { worldTasks } from './world-tasks.ts';

/** Settings that may change between steps; the session reads them at each. `changes` goes into the receipt. */
export interface LiveControls {
  learningRate: number;
  temperature: number;
  readonly changes: LiveChange[];
}

/** Enough to go on after step `step` on a new device, with the answers that later evaluations are shown beside. */
export interface Checkpoint {
  readonly step: number;
  readonly learner: LearnerState;
  readonly references: References;
}

interface References {
  readonly base: readonly Answered[];
  readonly teacher: readonly Answered[];
}

/** What a session tells while it runs, in order. */
export type SessionEvent =
  | { readonly type: 'activity'; readonly text: string }
  | { readonly type: 'receipt'; readonly receipt: Receipt }
  | { readonly type: 'step'; readonly record: StepRecord }
  | { readonly type: 'evaluation'; readonly record: EvaluationRecord }
  | { readonly type: 'teacher'; readonly record: EvaluationRecord }
  | { readonly type: 'samples'; readonly records: readonly SampleRecord[] }
  | { readonly type: 'memory'; readonly gpuBytes: number; readonly peakGpuBytes: number }
  | { readonly type: 'checkpoint'; readonly checkpoint: Checkpoint };

/** Evaluation answers made at once: hardware likes large batches, software has no use for them. */
const EVALUATION_SLOTS = { software: 32, hardware: 128 } as const;

/**
 * A run from its first evaluation to its last, one event at a time: whoever iterates decides when the next step is taken, which
 * is how pause, single steps and pace come about. Ending the iteration frees the GPU memory of the run.
 * @throws LabError when the run cannot start or go on; DeviceLostError.
 */
export async function* session(
  lab: Lab,
  config: RunConfig,
  live: LiveControls,
  from?: Checkpoint,
): AsyncGenerator<SessionEvent, void, undefined> {
  const memory = lab.gpu.memory.scope();
  try {
    yield { type: 'activity', text: 'Preparing the run' };
    const training = await prepare(lab, memory, config);
    const { learner } = training.distiller;
    if (from) learner.restore(from.learner);
    yield { type: 'receipt', receipt: await writeReceipt(lab, config, learner, live.changes) };

    const heldOut = QUERY_KINDS.flatMap(kind =>
      training.tasks.heldOut(kind, config.evaluation.queriesPerKind),
    );
    let references = from?.references;
    if (!references) {
      yield { type: 'activity', text: 'Asking the base model and the teacher' };
      references = await answerReferences(training, heldOut);
      const { base, teacher } = references;
      yield { type: 'evaluation', record: summarize(0, base, await measureKl(training, base)) };
      yield { type: 'teacher', record: summarize(0, teacher, null) };
      yield { type: 'samples', records: pickSamples(0, { ...references, student: base }) };
      yield { type: 'checkpoint', checkpoint: { step: 0, learner: await learner.state(), references } };
    }
    yield { type: 'memory', gpuBytes: lab.gpu.memory.bytes, peakGpuBytes: lab.gpu.memory.peakBytes };

    for (let step = (from?.step ?? 0) + 1; step <= config.steps; step++) {
      yield { type: 'activity', text: 'Training' };
      yield { type: 'step', record: await trainStep(training, step, liveSettings(config, live, step)) };
      if (step % config.evaluation.every !== 0 && step !== config.steps) continue;
      yield { type: 'activity', text: 'Evaluating' };
      const student = await answerHeldOut(training, heldOut, false);
      yield { type: 'evaluation', record: summarize(step, student, await measureKl(training, student)) };
      yield { type: 'samples', records: pickSamples(step, { ...references, student }) };
      yield { type: 'checkpoint', checkpoint: { step, learner: await learner.state(), references } };
    }
    yield { type: 'receipt', receipt: await writeReceipt(lab, config, learner, live.changes) };
  } finally {
    memory.release();
  }
}

/** Allocates and compiles all that the run needs. */
async function prepare(lab: Lab, memory: Memory, config: RunConfig): Promise<Training> {
  const { gpu, base } = lab;
  const tasks = worldTasks(config, lab);
  const { maxPromptTokens, maxTeacherPromptTokens } = tasks;
  const { maxNewTokens, queries, rolloutsPerQuery } = config;
  const needed = maxTeacherPromptTokens + maxNewTokens;
  if (needed > lab.config.contextLength) throw tooLong(needed, lab.config.contextLength);
  const responses = queries * rolloutsPerQuery;
  const rng = new Rng(mixSeed(config.seed, STREAM.initialAdapter));
  const training = await allocating(gpu.device, 'the run', (): Training => {
    const learner = new Learner(gpu, memory, base, {
      lora: config.lora,
      normal: normalFrom(() => rng.float()),
    });
    const slots = Math.max(responses, EVALUATION_SLOTS[gpu.tuning.software ? 'software' : 'hardware']);
    const capacity = {
      slots,
      maxPromptTokens: Math.max(maxPromptTokens, maxTeacherPromptTokens),
      maxNewTokens,
    };
    return {
      config,
      tasks,
      rollouts: new RolloutEngine(gpu, memory, lab.config, capacity, learner.decoder.lora),
      distiller: new Distiller(gpu, memory, learner, {
        ...{ responses, responseTokens: maxNewTokens },
        ...{ promptTokens: maxPromptTokens, teacherPromptTokens: maxTeacherPromptTokens },
      }),
      teacher: base.decoder,
    };
  });
  await training.rollouts.prepare(training.distiller.learner.decoder);
  const { objective, divergenceTemperature: temperature, optimizer } = config;
  await training.distiller.prepare(training.teacher, { objective, temperature, rolloutsPerQuery, optimizer });
  return training;
}

async function answerReferences(training: Training, heldOut: readonly Task[]): Promise<References> {
  return {
    base: await answerHeldOut(training, heldOut, false),
    teacher: await answerHeldOut(training, heldOut, true),
  };
}

/** The student's answers without the constitution, or the teacher's with it. */
async function answerHeldOut(
  { config, rollouts, distiller, teacher }: Training,
  tasks: readonly Task[],
  asTeacher: boolean,
): Promise<Answered[]> {
  return await answerAll(rollouts, tasks, {
    decoder: asTeacher ? teacher : distiller.learner.decoder,
    withConstitution: asTeacher,
    seed: config.seed,
    stream: asTeacher ? STREAM.teacher : STREAM.evaluation,
    maxNewTokens: config.maxNewTokens,
  });
}

async function measureKl({ distiller, teacher }: Training, answers: readonly Answered[]): Promise<number> {
  return await klToTeacher(distiller, teacher, answers);
}

function liveSettings(
  config: RunConfig,
  live: LiveControls,
  step: number,
): { learningRate: number; temperature: number } {
  const { schedule: kind, warmupSteps } = config.optimizer;
  const learningRate = learningRateAt(
    { kind, peak: live.learningRate, warmupSteps, totalSteps: config.steps },
    step - 1,
  );
  return { learningRate, temperature: live.temperature };
}

function tooLong(needed: number, contextLength: number): LabError {
  return new LabError({
    code: 'E_CONSTITUTION_TOO_LONG',
    message: `constitution, query and answer may take ${needed} tokens; the model reads ${contextLength}`,
    consequence: 'The run did not start; nothing was cut off.',
    nextStep: 'Switch clauses off, or allow fewer new tokens.',
  });
}
