import { z } from 'zod';
import type { Fault } from '../contract/errors.ts';
import { CATEGORIES, LABELS, QUERY_KINDS } from '../contract/world.ts';
import { liveSettingsSchema, runConfigSchema, type RunConfig } from '../settings/run-config.ts';
import { benchmarkReportSchema } from './benchmark-report.ts';
import { evaluationSchema } from './evaluation-record.ts';
import { ascending, count, type Frozen } from './fields.ts';
import { geometryBaselineSchema, geometrySchema } from './geometry-record.ts';
import { inspectionSchema } from './inspection.ts';
import { stepSchema } from './step-record.ts';

export type { EvaluationRecord, KindEvaluation, WinRates } from './evaluation-record.ts';
export type { KindFigures, StepRecord } from './step-record.ts';

/** One answer with the judge's word on it. */
const judged = z.object({
  text: z.string(),
  tokens: count,
  label: z.enum(LABELS),
  /** Why the judge says so, in one line. */
  reason: z.string(),
});
export type JudgedAnswer = Frozen<z.infer<typeof judged>>;

const asked = { kind: z.enum(QUERY_KINDS), category: z.enum(CATEGORIES) };

/** One pair of the crossed set of Cross-SFT. */
const crossedRow = z.object({
  id: count,
  ...asked,
  query: z.string(),
  /** c(x), under which the answer is learnt; null where no clause applies. */
  constitution: z.string().nullable(),
  answer: judged,
  /** Who wrote the answer: the student without constitution, or the frontier with it. */
  source: z.enum(['self', 'frontier']),
});
export type CrossedRow = Frozen<z.infer<typeof crossedRow>>;

/** One optimiser step of Cross-SFT: mean cross-entropy a response token, in nats. */
const calibrationStep = z.object({ step: count, of: count, loss: z.number() });
export type CalibrationStep = Frozen<z.infer<typeof calibrationStep>>;

/** Stage 1 of COPSD, as it happened. */
const calibration = z.object({
  /** Name of the calibrated teacher among the artefacts, the same for the same settings, seed and dropped rows; null until it is made. */
  artefact: z.string().nullable(),
  rows: z.array(crossedRow),
  /** Rows that a person dropped before the teacher learnt from them. */
  dropped: z.array(z.int()),
  steps: z.array(calibrationStep),
  /** The teacher with the constitution, before and after. */
  before: evaluationSchema.nullable(),
  after: evaluationSchema.nullable(),
  /** Whether an artefact made earlier was taken. */
  reused: z.boolean(),
  /** Rows that were learnt from but are left out of this file to keep it small; absent: none. */
  omittedRows: count.exactOptional(),
});
export type CalibrationRecord = Frozen<z.infer<typeof calibration>>;

/** The same held-out prompt answered by the base, by the student at `step` and by the teacher with its constitution. */
const sample = z.object({
  step: count,
  prompt: z.string(),
  ...asked,
  base: judged,
  student: judged,
  teacher: judged,
});
export type SampleRecord = Frozen<z.infer<typeof sample>>;

/** A change of live settings, kept so that the run can be understood and repeated. */
const liveChange = liveSettingsSchema.extend({ step: count });
export type LiveChange = Frozen<z.infer<typeof liveChange>>;

/** The mini-benchmarks, answered by the base and by the student at the end. */
const benchmarks = z.object({ base: benchmarkReportSchema, student: benchmarkReportSchema });
export type BenchmarkComparison = Frozen<z.infer<typeof benchmarks>>;

/** What a run was: enough to repeat it. */
const receipt = z.object({
  lab: z.string(),
  /** The git revision that the page was built from, where the build knew it. */
  revision: z.string().exactOptional(),
  createdAt: z.string(),
  config: runConfigSchema,
  /** SHA-256 of the configuration's canonical JSON and of the base weights. */
  configSha256: z.string(),
  weightsSha256: z.string(),
  /** The file of prompts, where they are in natural language. */
  prompts: z.object({ title: z.string(), sha256: z.string() }).exactOptional(),
  model: z.object({ name: z.string(), parameters: count, trainable: count }),
  adapter: z.object({ vendor: z.string(), architecture: z.string(), description: z.string() }),
  runtime: z.string(),
  peakGpuBytes: z.number().min(0),
  liveChanges: z.array(liveChange),
});
export interface Receipt extends Frozen<Omit<z.infer<typeof receipt>, 'config'>> {
  readonly config: RunConfig;
}

const fault: z.ZodType<Fault> = z.object({
  code: z.templateLiteral(['E_', z.string()]),
  message: z.string(),
  file: z.string().exactOptional(),
  place: z.string().exactOptional(),
  consequence: z.string(),
  nextStep: z.string(),
});

/**
 * A whole run as one file: what the headless twin writes, the page replays, and a person takes home. Fields stand in the order
 * in which files have them.
 */
export const runSchema = z.object({
  format: z.literal('copsd-run'),
  version: z.literal(2),
  receipt,
  steps: z.array(stepSchema).refine(ascending, 'the steps are not in order'),
  evals: z.array(evaluationSchema).refine(ascending, 'the evaluations are not in order'),
  /** The teacher of step 1, evaluated with the constitution in its context; null where the run ended before that. */
  teacher: evaluationSchema.nullable(),
  samples: z.array(sample),
  /** Null where the teacher was not calibrated. */
  calibration: calibration.nullable(),
  /** Along the run; empty where it was not measured. */
  geometry: z.array(geometrySchema).refine(ascending, 'the places of the geometry are not in order'),
  geometryBaseline: geometryBaselineSchema.nullable(),
  /** Base and student on the mini-benchmarks; null where they were not asked. */
  benchmarks: benchmarks.nullable(),
  /** Answers token by token, at each evaluation; absent in runs without. */
  inspections: z.array(inspectionSchema).exactOptional(),
  /** Why the run ended early, if it did. */
  fault: fault.exactOptional(),
});
export interface RunRecord extends Frozen<Omit<z.infer<typeof runSchema>, 'receipt'>> {
  readonly receipt: Receipt;
}
