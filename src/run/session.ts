import type { MeasuredEvent } from '../record/fold.ts';
import type { InspectionRecord } from '../record/inspection.ts';
import { withLive } from '../settings/fields.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { teacherKindOf } from '../settings/teacher-kinds.ts';
import type { EvaluationRecord, LiveChange } from '../record/run-record.ts';
import { calibrate, type CalibrationEvent } from './calibration.ts';
import { requireFit, takeCheckpoint, type Checkpoint } from './checkpoint.ts';
import type { Answered } from '../measure/evaluation.ts';
import { Inspector } from './inspector.ts';
import type { OpenModel } from '../assets/open-model.ts';
import { openGeometry } from './measure-geometry.ts';
import { prepareRun, type PreparedRun } from './prepare-run.ts';
import { writeReceipt } from './receipt.ts';
import { compareOnBenchmarks } from './run-benchmarks.ts';
import { pickSamples } from '../measure/samples.ts';
import { learningRateAt } from '../learn/schedule.ts';
import type { Teacher } from '../learn/teachers.ts';
import { checkTeacher, createTrainer, openTeacher } from './trainer.ts';
import type { StepSettings } from '../learn/train-step.ts';
import { decoderGenerator, scorerGenerator } from '../learn/generator.ts';

/** Settings that may change between steps; the session reads them at every step. */
export interface LiveControls {
  /** Each counts from its step on, the last one where two are for the same; they go into the receipt. */
  readonly changes: LiveChange[];
  /** Rows left out of the crossed set. */
  readonly dropped: Set<number>;
}

/**
 * A session's events, in order. Pauses happen at a `boundary`: work begins after it. Between steps a boundary can take a checkpoint, even
 * once the step after it was reported; the result is null while that step's evaluation is still to come.
 */
export type SessionEvent =
  | CalibrationEvent
  | {
      readonly type: 'boundary';
      readonly review?: boolean;
      readonly checkpoint: () => Promise<Checkpoint | null>;
      /** Inspects the student token by token before the next step; empty where nothing is inspected. */
      readonly inspect: () => Promise<readonly InspectionRecord[]>;
    }
  | MeasuredEvent
  | { readonly type: 'memory'; readonly gpuBytes: number; readonly peakGpuBytes: number }
  | { readonly type: 'checkpoint'; readonly checkpoint: Checkpoint };

/**
 * A run from its first evaluation to its last, one event at a time. The caller decides when the next step is taken, which is how pause,
 * single steps and pace work. Ending the iteration frees the run's GPU memory.
 * @throws LabError when the run cannot start or continue; DeviceLostError.
 */
export async function* session(
  lab: OpenModel,
  config: RunConfig,
  live: LiveControls,
  from?: Checkpoint,
): AsyncGenerator<SessionEvent, void, undefined> {
  const memory = lab.gpu.memory.scope();
  try {
    yield { type: 'activity', text: 'Preparing the run' };
    const run = await prepareRun(lab, memory, config);
    const { learner, evaluator } = run;
    const student = decoderGenerator(run.rollouts, learner.decoder);
    yield { type: 'receipt', receipt: await writeReceipt(run, live.changes) };

    yield { type: 'activity', text: 'Evaluating the base model' };
    if (from) requireFit(run, from);
    const base = await (from ? evaluator.judge(from.references.base) : evaluator.answer(student, false));
    evaluator.base = base;
    if (from?.calibrated) lab.artefacts.keep(from.calibrated);
    const calibrated =
      from?.calibrated ??
      (teacherKindOf(config.teacher).weights === 'calibrated' ? yield* calibrate(run, live.dropped) : null);

    yield { type: 'activity', text: 'Preparing the teacher' };
    const teacher = await openTeacher(run, calibrated);
    await checkTeacher(run, teacher, base);
    const trainer = await createTrainer(run, teacher);
    const kept = from?.references.teacher ?? calibrated?.answers;
    const answers = kept
      ? evaluator.judge(kept)
      : evaluator.answer(scorerGenerator(run.rollouts, teacher.scorer), true);
    const references = { base, teacher: await answers };
    const parts = { references, calibrated, teacher };
    const first = await examine(run, 0, base, teacher);
    const geometry = config.evaluation.geometry ? await openGeometry(run, base) : null;
    const inspector = config.evaluation.inspect > 0 ? await Inspector.open(run, teacher, base) : null;
    if (!from) {
      yield { type: 'evaluation', record: first };
      yield { type: 'teacher', record: await examineTeacher(run, teacher, references.teacher) };
      yield { type: 'samples', records: pickSamples(0, { ...references, student: base }) };
      if (inspector) yield { type: 'inspections', records: await inspector.inspect(0, base) };
      if (geometry) {
        const place = await geometry.measureTeacher(references.teacher, teacher.scorer);
        yield { type: 'geometry-baseline', record: { ...geometry.baseline, teacher: place } };
        yield { type: 'geometry', record: await geometry.measure(0, base) };
      }
      yield { type: 'checkpoint', checkpoint: await takeCheckpoint(run, 0, parts) };
    }
    // Only now: the base is measured first, on a resumed run as on a new one.
    if (from) learner.restore(from.learner);
    if (from?.teacher) teacher.restore(from.teacher);
    yield { type: 'memory', gpuBytes: lab.gpu.memory.bytes, peakGpuBytes: lab.gpu.memory.peakBytes };

    let done = from?.step ?? 0;
    let due = false;
    const between = async (): Promise<Checkpoint | null> =>
      due ? null : await takeCheckpoint(run, done, parts);
    const inspect = async (): Promise<readonly InspectionRecord[]> =>
      (await inspector?.now(done, student)) ?? [];
    for (let step = done + 1; step <= config.steps; step++) {
      yield { type: 'activity', text: 'Training' };
      yield { type: 'boundary', checkpoint: between, inspect };
      const record = await trainer.step(step, stepSettings(config, live, step));
      done = step;
      due = step % config.evaluation.every === 0 || step === config.steps;
      yield { type: 'step', record };
      if (!due) continue;
      yield { type: 'activity', text: 'Evaluating' };
      const now = await evaluator.answer(student, false);
      yield { type: 'evaluation', record: await examine(run, step, now, teacher) };
      yield { type: 'samples', records: pickSamples(step, { ...references, student: now }) };
      if (inspector) yield { type: 'inspections', records: await inspector.inspect(step, now) };
      if (geometry) yield { type: 'geometry', record: await geometry.measure(step, now) };
      due = false;
      yield { type: 'checkpoint', checkpoint: await takeCheckpoint(run, step, parts) };
    }
    if (config.evaluation.benchmarkItems > 0) {
      yield { type: 'activity', text: 'Running the mini-benchmarks' };
      yield { type: 'benchmarks', record: await compareOnBenchmarks(run) };
    }
    yield { type: 'receipt', receipt: await writeReceipt(run, live.changes) };
  } finally {
    memory.release();
  }
}

/** The student's answers, against the teacher. */
async function examine(
  { evaluator, learner }: PreparedRun,
  step: number,
  answers: readonly Answered[],
  { scorer: teacher }: Teacher,
): Promise<EvaluationRecord> {
  return await evaluator.record(step, answers, { asTeacher: false, decoder: learner.decoder, teacher });
}

async function examineTeacher(
  { evaluator }: PreparedRun,
  { scorer }: Teacher,
  answers: readonly Answered[],
): Promise<EvaluationRecord> {
  const decoder = scorer.kind === 'decoder' ? { decoder: scorer.decoder } : {};
  return await evaluator.record(0, answers, { asTeacher: true, ...decoder });
}

function stepSettings(config: RunConfig, { changes }: LiveControls, step: number): StepSettings {
  const { optimizer, steps, temperature } = changes
    .filter(change => change.step <= step)
    .reduce(withLive, config);
  const { learningRate: peak, schedule: kind, warmupSteps } = optimizer;
  return {
    learningRate: learningRateAt({ kind, peak, warmupSteps, totalSteps: steps }, step - 1),
    temperature,
  };
}
