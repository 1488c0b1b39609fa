import type { RunConfig } from '../settings/run-config.ts';
import type { MeasuredEvent } from '../record/fold.ts';
import type { CalibrationStep } from '../record/run-record.ts';
import { LabError } from '../contract/errors.ts';
import { allocating, type Memory } from '../gpu/memory.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import { normalFrom } from '../model/random.ts';
import { ParameterSet } from '../model/parameters.ts';
import { Rng } from '../world/rng.ts';
import { artefactName, type CalibratedTeacher, type DroppedRows } from '../assets/artefacts.ts';
import { buildCrossedSet, type CrossedPair } from '../learn/cross-sft.ts';
import { FineTuner } from '../learn/supervised-training.ts';
import type { OpenModel } from '../assets/open-model.ts';
import { decoderWith, Learner } from '../learn/policy.ts';
import type { PreparedRun } from './prepare-run.ts';
import { learningRateAt } from '../learn/schedule.ts';
import { mixSeed, STREAM } from '../tasks/seeds.ts';
import { notFinite } from '../learn/train-step.ts';
import { decoderGenerator, externalGenerator } from '../learn/generator.ts';

/** Events of stage 1. `boundary` is a point to pause at; with `review` the rows wait for the user. */
export type CalibrationEvent =
  | { readonly type: 'activity'; readonly text: string }
  | { readonly type: 'boundary'; readonly review?: boolean }
  | Extract<MeasuredEvent, { type: 'crossed' | 'calibration-step' | 'calibration' }>;

/** Warm-up, and the final share of the learning rate. */
const WARMUP_STEPS = 5;
const LAST_SHARE = 0.1;

/**
 * Stage 1 of COPSD: writes the crossed set, fine-tunes a copy of the base on it, and keeps the result as an artefact; one that the same
 * settings made before is reused.
 * @param dropped rows that the user left out; read before every batch
 */
export async function* calibrate(
  run: PreparedRun,
  dropped: ReadonlySet<number>,
): AsyncGenerator<CalibrationEvent, CalibratedTeacher, undefined> {
  const { lab, config, evaluator } = run;
  const calibration = config.calibration!;
  const known = lab.artefacts.find(await artefactName(config, lab.weightsSha256, []));
  if (known && !calibration.review && dropped.size === 0) {
    const teacher = { ...known, record: { ...known.record, reused: true } };
    yield { type: 'calibration', record: teacher.record };
    return teacher;
  }
  yield { type: 'activity', text: 'Evaluating the teacher before its calibration' };
  const { base } = lab;
  const asked = await evaluator.answer(decoderGenerator(run.rollouts, base.decoder), true);
  const before = await evaluator.record(0, asked, { decoder: base.decoder, asTeacher: true });

  yield { type: 'activity', text: 'Writing the crossed set' };
  const pairs: CrossedPair[] = [];
  const frontier = await lab.externals.open(calibration.frontier);
  const generators = {
    self: decoderGenerator(run.rollouts, base.decoder),
    frontier: externalGenerator(frontier),
  };
  for await (const batch of buildCrossedSet(config, calibration, run.tasks, generators)) {
    pairs.push(...batch);
    yield { type: 'crossed', rows: batch.map(({ row }) => row) };
  }
  yield { type: 'boundary', review: calibration.review };

  const scope = lab.gpu.memory.scope();
  try {
    const learner = await teacherLearner(run, scope);
    const steps: CalibrationStep[] = [];
    const left = new LeftOut();
    yield { type: 'activity', text: 'Calibrating the teacher' };
    for await (const event of fineTune(run, scope, learner, { pairs, dropped, left })) {
      yield event;
      if (event.type === 'calibration-step') steps.push(event.record);
    }
    yield { type: 'activity', text: 'Evaluating the calibrated teacher' };
    const answers = await evaluator.answer(decoderGenerator(run.rollouts, learner.decoder), true);
    const after = await evaluator.record(0, answers, { decoder: learner.decoder, asTeacher: true });
    const artefact = await artefactName(config, lab.weightsSha256, left.changes);
    const rows = pairs.map(({ row }) => row);
    const record = { artefact, rows, dropped: left.rows, steps, before, after, reused: false };
    const values = (await learner.state()).trainable;
    const rollouts = answers.map(({ rollout }) => rollout);
    const teacher = { record, values, layout: learner.trainable.layout, config, answers: rollouts };
    lab.artefacts.keep(teacher);
    yield { type: 'calibration', record };
    return teacher;
  } finally {
    scope.release();
  }
}

/** Uploads a calibrated teacher's weights, into buffers of `memory`. */
export function calibratedDecoder(
  lab: OpenModel,
  memory: Memory,
  config: RunConfig,
  teacher: CalibratedTeacher,
): Decoder {
  const set = new ParameterSet(memory, 'calibrated', teacher.layout);
  lab.gpu.write(set.all, teacher.values);
  return decoderWith(lab.base, config.lora, set);
}

async function teacherLearner({ lab, config }: PreparedRun, memory: Memory): Promise<Learner> {
  const rng = new Rng(mixSeed(config.seed, STREAM.crossedOrder));
  const normal = normalFrom(() => rng.float());
  return await allocating(
    lab.gpu.device,
    'the teacher’s calibration',
    () => new Learner(lab.gpu, memory, lab.base, { lora: config.lora, normal }),
  );
}

async function* fineTune(
  { lab, config, tasks }: PreparedRun,
  memory: Memory,
  learner: Learner,
  { pairs, dropped, left }: { pairs: readonly CrossedPair[]; dropped: ReadonlySet<number>; left: LeftOut },
): AsyncGenerator<CalibrationEvent, void, undefined> {
  const { epochs, batch, learningRate } = config.calibration!;
  const tuner = await allocating(
    lab.gpu.device,
    'the teacher’s calibration',
    () =>
      new FineTuner(lab.gpu, memory, learner, {
        batch,
        promptTokens: tasks.maxTeacherPromptTokens,
        responseTokens: config.maxNewTokens,
      }),
  );
  const perEpoch = Math.ceil(pairs.length / batch);
  const of = epochs * perEpoch;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = new Rng(mixSeed(config.seed, STREAM.crossedOrder + 1 + epoch)).shuffle([...pairs]);
    for (let index = 0; index < perEpoch; index++) {
      yield { type: 'boundary' };
      const step = epoch * perEpoch + index + 1;
      const out = pairs.flatMap(({ row: { id } }) => (dropped.has(id) ? [id] : []));
      left.note(step - 1, out);
      const chosen = order
        .slice(index * batch, (index + 1) * batch)
        .filter(({ row }) => !out.includes(row.id));
      if (chosen.length === 0) continue;
      const optimizer = { ...config.optimizer, learningRate: rateAt(learningRate, step - 1, of) };
      const { loss, gradient } = await tuner.step(chosen, optimizer);
      if (gradient.nonFinite > 0 || !Number.isFinite(loss))
        throw notFinite(`step ${step} of Cross-SFT`, gradient.nonFinite);
      yield { type: 'calibration-step', record: { step, of, loss } };
    }
  }
  if (learner.step === 0) throw nothingLeft();
}

/** The rows left out, batch by batch: they can be dropped and restored while the teacher trains. */
class LeftOut {
  readonly #changes: { readonly batch: number; readonly rows: readonly number[] }[] = [];

  note(batch: number, rows: readonly number[]): void {
    if (rows.join() !== this.rows.join()) this.#changes.push({ batch, rows });
  }

  /** As of the last batch. */
  get rows(): readonly number[] {
    return this.#changes.at(-1)?.rows ?? [];
  }

  get changes(): DroppedRows {
    return this.#changes;
  }
}

/** Linear warm-up, then linear decay to a tenth. */
const rateAt = (peak: number, step: number, totalSteps: number): number =>
  LAST_SHARE * learningRateAt({ kind: 'constant', peak, warmupSteps: WARMUP_STEPS, totalSteps }, step) +
  (1 - LAST_SHARE) * learningRateAt({ kind: 'linear', peak, warmupSteps: WARMUP_STEPS, totalSteps }, step);

function nothingLeft(): LabError {
  return new LabError({
    code: 'E_CROSSED_EMPTY',
    message: 'every row of the crossed set was dropped, or none was written',
    consequence: 'There was nothing to train the teacher on, so the run did not start.',
    nextStep: 'Keep some rows, or include self-answers in the set.',
  });
}
