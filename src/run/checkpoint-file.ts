import type { z } from 'zod';
import { LabError } from '../contract/errors.ts';
import type { KeptFacts, KeptFiles } from '../protocol/kept-runs.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { runSchema, type RunRecord } from '../record/run-record.ts';
import type { NamedArrays, ParameterLayout } from '../model/parameters.ts';
import type { Rollout } from '../model/rollout-types.ts';
import { readSafetensors, writeSafetensors } from '../model/safetensors.ts';
import type { CalibratedTeacher } from '../assets/artefacts.ts';
import type { Checkpoint } from './checkpoint.ts';
import { sessionSchema, type LayoutFile, type RolloutFile, type SessionFile } from './checkpoint-schema.ts';
import type { LiveControls } from './session.ts';

/** The figures of a run, read without its weights. */
export const RECORD_FILE = 'record.json';
const SESSION_FILE = 'session.json';
const WEIGHTS_FILE = 'weights.safetensors';
export const RUN_FILES: readonly string[] = [RECORD_FILE, SESSION_FILE, WEIGHTS_FILE];

/** A run that resumes: in a new thread, on a new device, in a later visit. */
export interface StoredRun {
  readonly record: RunRecord;
  readonly live: LiveControls;
  readonly checkpoint: Checkpoint;
}

const text = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

/**
 * A run as files: `record.json`, a RunRecord; and where it can resume, `session.json` (steps, live settings, answers) and
 * `weights.safetensors` (f32 `trainable`, AdamW’s `m` and `v`, `teacher` and `calibrated` where they exist).
 */
export function encodeRun(
  record: RunRecord,
  goesOn: Pick<StoredRun, 'live' | 'checkpoint'> | null,
): KeptFiles {
  const files = new Map([[RECORD_FILE, text(record)]]);
  if (!goesOn) return files;
  const { live, checkpoint } = goesOn;
  const { step, weightsSha256, learner, references, calibrated, teacher } = checkpoint;
  const session: SessionFile = {
    step,
    learnerStep: learner.step,
    weightsSha256,
    live: { changes: [...live.changes], dropped: [...live.dropped] },
    base: references.base.map(plain),
    teacher: references.teacher.map(plain),
    calibrated: calibrated && {
      layout: plainLayout(calibrated.layout),
      answers: calibrated.answers.map(plain),
    },
  };
  const arrays: NamedArrays = new Map(
    Object.entries({
      ...flat(learner),
      ...(teacher && { teacher }),
      ...(calibrated && { calibrated: calibrated.values }),
    }).map(([name, data]) => [name, { shape: [data.length], data }]),
  );
  files.set(SESSION_FILE, text(session));
  files.set(WEIGHTS_FILE, writeSafetensors(arrays));
  return files;
}

/** Bytes of a checkpoint’s arrays. */
export function weightBytes({ learner, teacher, calibrated }: Checkpoint): number {
  const arrays = [learner.trainable, learner.m, learner.v, teacher, calibrated?.values];
  return arrays.reduce((sum, array) => sum + (array?.byteLength ?? 0), 0);
}

/** @throws LabError `E_CHECKPOINT_RECORD`. */
export function decodeRecord({ id }: Pick<KeptFacts, 'id'>, files: KeptFiles): RunRecord {
  return readJson<RunRecord>(runSchema, files, id, RECORD_FILE, 'RECORD');
}

/**
 * Reads what `encodeRun` wrote, strictly.
 * @throws LabError `E_CHECKPOINT_RECORD`, `_SESSION`, `_WEIGHTS`, `_ENDED` when the run’s weights were not kept; `E_SAFETENSORS_*`.
 */
export function decodeRun(facts: KeptFacts, files: KeptFiles): StoredRun {
  const { id, config, resumableStep, weightsSha256 } = facts;
  const record = decodeRecord(facts, files);
  if (resumableStep === null)
    throw refusal('ENDED', id, RECORD_FILE, {
      message: 'only the figures of this run are kept, not its weights',
      nextStep: 'Run its settings again: the same seed gives the same run.',
    });
  const session = readJson(sessionSchema, files, id, SESSION_FILE, 'SESSION');
  if (session.step !== resumableStep || session.weightsSha256 !== weightsSha256)
    throw refusal('SESSION', id, SESSION_FILE, {
      message: `it is from step ${session.step}, its manifest from step ${resumableStep}, or from other base weights`,
    });
  const arrays = readWeights(files, id);
  const take = (name: string, length?: number): Float32Array<ArrayBuffer> => {
    const found = arrays.get(name)?.data;
    if (found && (length === undefined || found.length === length)) return found;
    throw refusal('WEIGHTS', id, WEIGHTS_FILE, {
      message: found ? `it has ${found.length} values, not ${length}` : 'it is missing',
      place: `tensor ${name}`,
    });
  };
  const trainable = take('trainable');
  const known = new Set(['trainable', 'm', 'v', 'teacher', ...(session.calibrated ? ['calibrated'] : [])]);
  const stranger = [...arrays.keys()].find(name => !known.has(name));
  if (stranger !== undefined)
    throw refusal('WEIGHTS', id, WEIGHTS_FILE, { message: `it has an unknown tensor ${stranger}` });
  const { changes, dropped } = session.live;
  return {
    record,
    live: { changes, dropped: new Set(dropped) },
    checkpoint: {
      step: session.step,
      weightsSha256,
      learner: {
        step: session.learnerStep,
        trainable,
        m: take('m', trainable.length),
        v: take('v', trainable.length),
      },
      references: { base: session.base.map(typed), teacher: session.teacher.map(typed) },
      calibrated: session.calibrated && calibratedOf(id, session.calibrated, { record, config, take }),
      teacher: arrays.has('teacher') ? take('teacher', trainable.length) : null,
    },
  };
}

function calibratedOf(
  id: string,
  { layout, answers }: NonNullable<SessionFile['calibrated']>,
  parts: {
    readonly record: RunRecord;
    readonly config: RunConfig;
    readonly take: (name: string, length: number) => Float32Array<ArrayBuffer>;
  },
): CalibratedTeacher {
  const { calibration } = parts.record;
  const artefact = calibration?.artefact;
  if (!calibration || typeof artefact !== 'string')
    throw refusal('RECORD', id, RECORD_FILE, { message: 'it does not have the calibrated teacher' });
  return {
    record: { ...calibration, artefact },
    values: parts.take('calibrated', layout.total),
    layout: layout satisfies ParameterLayout,
    config: parts.config,
    answers: answers.map(typed),
  };
}

function readWeights(files: KeptFiles, id: string): NamedArrays {
  const bytes = files.get(WEIGHTS_FILE);
  if (!bytes) throw refusal('WEIGHTS', id, WEIGHTS_FILE, { message: 'it is missing' });
  return readSafetensors(bytes, `runs/${id}/${WEIGHTS_FILE}`);
}

function readJson<T>(schema: z.ZodType<T>, files: KeptFiles, id: string, file: string, code: string): T {
  const bytes = files.get(file);
  if (!bytes) throw refusal(code, id, file, { message: 'it is missing' });
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw refusal(code, id, file, { message: 'it is not JSON' }, error);
  }
  const result = schema.safeParse(parsed);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw refusal(code, id, file, {
    message: `it is not as it was written: ${issue?.message ?? 'unknown fields'}`,
    place: issue?.path.join('.') ?? '',
  });
}

const flat = ({ trainable, m, v }: Checkpoint['learner']): Record<string, Float32Array<ArrayBuffer>> => ({
  trainable,
  m,
  v,
});

const plainLayout = ({ entries, total, count }: ParameterLayout): LayoutFile => ({
  total,
  count,
  entries: entries.map(entry => ({ ...entry, shape: [...entry.shape] })),
});

const plain = ({ tokens, logProbs, entropies }: Rollout): RolloutFile => ({
  tokens: [...tokens],
  logProbs: [...logProbs],
  entropies: [...entropies],
});

const typed = ({ tokens, logProbs, entropies }: RolloutFile): Rollout => ({
  tokens: Uint32Array.from(tokens),
  logProbs: Float32Array.from(logProbs),
  entropies: Float32Array.from(entropies),
});

const refusal = (
  code: string,
  id: string,
  file: string,
  details: { readonly message: string; readonly place?: string; readonly nextStep?: string },
  cause?: unknown,
): LabError =>
  new LabError(
    {
      consequence: 'The run did not resume; what is open is unchanged, and so are the other kept runs.',
      nextStep: 'Delete the run, and run its settings again: the same seed gives the same run.',
      ...details,
      code: `E_CHECKPOINT_${code}`,
      file: `runs/${id}/${file}`,
    },
    cause,
  );
