import type { GeometryBaseline, GeometryRecord } from '../contract/geometry-record.ts';
import type { InspectionRecord } from '../contract/inspection.ts';
import type { RunConfig } from '../contract/run-config.ts';
import type {
  BenchmarkComparison,
  EvaluationRecord,
  LiveChange,
  Receipt,
  SampleRecord,
  StepRecord,
} from '../contract/run-record.ts';
import type { CalibratedTeacher } from './artefacts.ts';
import { calibrate, type CalibrationEvent } from './calibration.ts';
import type { Answered } from './evaluation.ts';
import { Inspector } from './inspector.ts';
import type { Lab } from './lab.ts';
import { openGeometry } from './measure-geometry.ts';
import type { LearnerState } from './policy.ts';
import { prepareRun, type PreparedRun } from './prepare-run.ts';
import { writeReceipt } from './receipt.ts';
import { compareOnBenchmarks } from './run-benchmarks.ts';
import { pickSamples } from './samples.ts';
import { learningRateAt } from './schedule.ts';
import type { Teacher } from './teachers.ts';
import { checkTeacher, createTrainer, openTeacher } from './trainer.ts';
import type { StepSettings } from './train-step.ts';
import { decoderWriter, scorerWriter } from './writer.ts';

/** Settings that may change between steps; the session reads them at each. `changes` goes into the receipt. */
export interface LiveControls {
  learningRate: number;
  temperature: number;
  readonly changes: LiveChange[];
  /** Rows of the crossed set that are left out. */
  readonly dropped: Set<number>;
}

/** Enough to go on after step `step` on a new device, with the answers that later evaluations are shown beside. */
export interface Checkpoint {
  readonly step: number;
  readonly learner: LearnerState;
  readonly references: References;
  readonly calibrated: CalibratedTeacher | null;
  /** Weights of a teacher that follows the student. */
  readonly teacher: Float32Array<ArrayBuffer> | null;
}

interface References {
  readonly base: readonly Answered[];
  readonly teacher: readonly Answered[];
}

/** What a session tells while it runs, in order. Whoever pauses does so at a `boundary`: work begins after it. */
export type SessionEvent =
  | CalibrationEvent
  | { readonly type: 'receipt'; readonly receipt: Receipt }
  | { readonly type: 'step'; readonly record: StepRecord }
  | { readonly type: 'evaluation'; readonly record: EvaluationRecord }
  | { readonly type: 'teacher'; readonly record: EvaluationRecord }
  | { readonly type: 'samples'; readonly records: readonly SampleRecord[] }
  | { readonly type: 'inspections'; readonly records: readonly InspectionRecord[] }
  | { readonly type: 'geometry-baseline'; readonly record: GeometryBaseline }
  | { readonly type: 'geometry'; readonly record: GeometryRecord }
  | { readonly type: 'benchmarks'; readonly record: BenchmarkComparison }
  | { readonly type: 'memory'; readonly gpuBytes: number; readonly peakGpuBytes: number }
  | { readonly type: 'checkpoint'; readonly checkpoint: Checkpoint };

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
    const run = await prepareRun(lab, memory, config);
    const { learner, evaluator } = run;
    const student = decoderWriter(run.rollouts, learner.decoder);
    yield { type: 'receipt', receipt: await writeReceipt(run, live.changes) };

    yield { type: 'activity', text: 'Asking the base model' };
    const base = from?.references.base ?? (await evaluator.answer(student, false));
    evaluator.base = base;
    const calibrated =
      from?.calibrated ?? (config.teacher.kind === 'calibrated' ? yield* calibrate(run, live.dropped) : null);

    yield { type: 'activity', text: 'Preparing the teacher' };
    const teacher = await openTeacher(run, calibrated);
    await checkTeacher(run, teacher, base);
    const trainer = await createTrainer(run, teacher);
    const references = from?.references ?? { base, teacher: await teacherAnswers(run, teacher, calibrated) };
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
      yield { type: 'checkpoint', checkpoint: await checkpoint(run, 0, { references, calibrated, teacher }) };
    }
    // Only now: what is measured first is the base, on a run that goes on as on a new one.
    if (from) learner.restore(from.learner);
    if (from?.teacher) teacher.restore(from.teacher);
    yield { type: 'memory', gpuBytes: lab.gpu.memory.bytes, peakGpuBytes: lab.gpu.memory.peakBytes };

    for (let step = (from?.step ?? 0) + 1; step <= config.steps; step++) {
      yield { type: 'activity', text: 'Training' };
      yield { type: 'boundary' };
      yield { type: 'step', record: await trainer.step(step, stepSettings(config, live, step)) };
      if (step % config.evaluation.every !== 0 && step !== config.steps) continue;
      yield { type: 'activity', text: 'Evaluating' };
      const answers = await evaluator.answer(student, false);
      yield { type: 'evaluation', record: await examine(run, step, answers, teacher) };
      yield { type: 'samples', records: pickSamples(step, { ...references, student: answers }) };
      if (inspector) yield { type: 'inspections', records: await inspector.inspect(step, answers) };
      if (geometry) yield { type: 'geometry', record: await geometry.measure(step, answers) };
      yield {
        type: 'checkpoint',
        checkpoint: await checkpoint(run, step, { references, calibrated, teacher }),
      };
    }
    if (config.evaluation.benchmarkItems > 0) {
      yield { type: 'activity', text: 'Asking the mini-benchmarks' };
      yield { type: 'benchmarks', record: await compareOnBenchmarks(run) };
    }
    yield { type: 'receipt', receipt: await writeReceipt(run, live.changes) };
  } finally {
    memory.release();
  }
}

async function teacherAnswers(
  { rollouts, evaluator }: PreparedRun,
  { scorer }: Teacher,
  calibrated: CalibratedTeacher | null,
): Promise<readonly Answered[]> {
  return calibrated?.answers ?? (await evaluator.answer(scorerWriter(rollouts, scorer), true));
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

async function checkpoint(
  { learner }: PreparedRun,
  step: number,
  parts: Pick<Checkpoint, 'references' | 'calibrated'> & { readonly teacher: Teacher },
): Promise<Checkpoint> {
  const { references, calibrated, teacher } = parts;
  return { step, learner: await learner.state(), references, calibrated, teacher: await teacher.state() };
}

function stepSettings(config: RunConfig, live: LiveControls, step: number): StepSettings {
  const { schedule: kind, warmupSteps } = config.optimizer;
  const learningRate = learningRateAt(
    { kind, peak: live.learningRate, warmupSteps, totalSteps: config.steps },
    step - 1,
  );
  return { learningRate, temperature: live.temperature };
}
