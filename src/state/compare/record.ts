import { z } from 'zod';
import type { Fault } from '../../contract/errors.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import { runConfigSchema } from '../../settings/run-config.ts';
import type { RunRecord } from '../../record/run-record.ts';
import { LABELS } from '../../contract/world.ts';

/** Version of run records that can be compared. */
const RECORD_VERSION: RunRecord['version'] = 2;
const MEBI = 1024 * 1024;
/** Larger runs are refused unread; one of a thousand steps has about two MiB. */
export const MAX_RUN_BYTES = 64 * MEBI;

const finite = z.number();
const share = finite.min(0).max(1);
const step = z.int().min(0);
const kind = {
  length: finite.min(0),
  entropy: finite,
  diversity: finite.nullable(),
  outcomes: z.looseObject({ labels: z.array(z.enum(LABELS)), lengths: z.array(finite.min(0)) }),
};

const evaluation = z.looseObject({
  step,
  benign: z.looseObject({ ...kind, overRefusal: share }),
  borderline: z.looseObject({ ...kind, overRefusal: share }),
  harmful: z.looseObject({ ...kind, refusal: share, unsafe: share, rich: share }),
  general: z.looseObject({ ...kind, accuracy: share }),
  natsPerAnswer: finite,
  klToTeacher: finite.nullable(),
  winRates: z.looseObject({ safety: share, helpfulness: share }),
  queriesPerKind: z.int().min(1),
});

/** Of a policy, in the plane of safety and expressiveness. */
const place = z.looseObject({
  step,
  x: finite.nullable(),
  y: z.looseObject({ plain: finite.nullable(), withRefusals: finite.nullable() }),
});

const summary = z.looseObject({ mean: share, halfWidth: finite.min(0), items: z.int().min(1) });
const report = z.looseObject({
  weightsSha256: z.string(),
  benchmarks: z.array(
    z.looseObject({
      name: z.string(),
      role: z.string(),
      headline: z.string(),
      metrics: z.record(z.string(), summary),
    }),
  ),
});

/** What comparisons read of a run record; the rest is passed on unread. */
const recordSchema = z.looseObject({
  format: z.literal('copsd-run'),
  version: z.literal(RECORD_VERSION),
  receipt: z.looseObject({
    createdAt: z.string(),
    config: runConfigSchema,
    weightsSha256: z.string(),
    liveChanges: z.array(z.looseObject({ step })),
  }),
  steps: z.array(z.looseObject({ step, tokens: finite, seconds: finite })),
  evals: z.array(evaluation),
  teacher: evaluation.nullable(),
  calibration: z.looseObject({ dropped: z.array(z.int()) }).nullable(),
  geometry: z.array(place),
  geometryBaseline: z.looseObject({ teacher: place.optional() }).nullable(),
  benchmarks: z.looseObject({ base: report, student: report }).nullable(),
});

const CONSEQUENCE = 'It is not compared; the other runs are as they were.';

function refuse(fault: Omit<Fault, 'consequence'>): Outcome<never> {
  return { ok: false, fault: { ...fault, consequence: CONSEQUENCE } };
}

/** Whatever claims to be a run, checked. `file` is its name, for the fault. */
export function readRunRecord(value: unknown, file: string): Outcome<RunRecord> {
  const { format, version } = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<'format' | 'version', unknown>
  >;
  if (format !== 'copsd-run')
    return refuse({
      code: 'E_RUN_FILE_FORMAT',
      message: 'this is no run of the lab',
      file,
      nextStep: 'Open a file that Export, Run (JSON) has saved.',
    });
  if (version !== RECORD_VERSION)
    return refuse({
      code: 'E_RUN_FILE_VERSION',
      message: `the run has version ${String(version)}; this page reads version ${RECORD_VERSION}`,
      file,
      nextStep: 'Run it again with the settings that the file names, and save that.',
    });
  const checked = recordSchema.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    return refuse({
      code: 'E_RUN_FILE_SHAPE',
      message: `the run is damaged: ${issue?.message ?? 'its shape is unknown'}`,
      file,
      place: issue?.path.join('.') ?? '',
      nextStep: 'Save the run again from where it was made.',
    });
  }
  return { ok: true, value: value as RunRecord };
}

/** Reads a file that was dropped or chosen. */
export async function readRunFile(file: File): Promise<Outcome<RunRecord>> {
  if (file.size > MAX_RUN_BYTES)
    return refuse({
      code: 'E_RUN_FILE_TOO_LARGE',
      message: `the file has ${file.size.toLocaleString('en-US')} bytes, more than any run here`,
      file: file.name,
      nextStep: `Open a run of at most ${MAX_RUN_BYTES / MEBI} MiB.`,
    });
  let text: string;
  try {
    text = await file.text();
  } catch {
    return refuse({
      code: 'E_RUN_FILE_READ',
      message: 'the browser could not read this: it may be a folder, or gone by now',
      file: file.name,
      nextStep: 'Choose the .json file itself.',
    });
  }
  return parseRun(text, file.name);
}

/** A run as text, checked. */
export function parseRun(text: string, file: string): Outcome<RunRecord> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return refuse({
      code: 'E_RUN_FILE_JSON',
      message: `the file is no JSON: ${error instanceof Error ? error.message : String(error)}`,
      file,
      nextStep: 'Open a file that Export, Run (JSON) has saved.',
    });
  }
  return readRunRecord(value, file);
}
