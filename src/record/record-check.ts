import { z } from 'zod';
import { EXPRESSIVENESS_AXES, SAFETY_AXES } from './geometry-record.ts';
import type { Outcome } from '../protocol/lab-api.ts';
import type { RunRecord } from './run-record.ts';
import { CATEGORIES, LABELS, QUERY_KINDS } from '../contract/world.ts';

const finite = z.number();
/** Figures that JSON cannot hold, such as the loss of a run that broke, are null in files. */
const figure = finite.nullable();
const count = z.int().min(0);
const text = z.string();

const kindFigures = z.looseObject({ rollouts: count, length: figure, refusal: figure, reverseKl: figure });
const step = z.looseObject({
  step: z.int().min(1),
  loss: figure,
  reverseKl: figure,
  studentEntropy: figure,
  teacherEntropy: figure,
  length: figure,
  gradientNorm: figure,
  learningRate: figure,
  rolloutSeconds: figure,
  kinds: z.partialRecord(z.enum(QUERY_KINDS), kindFigures),
});

const opening = z.looseObject({ refusalOpening: finite.nullable() });
const evaluation = z.looseObject({
  step: count,
  benign: opening,
  borderline: opening,
  harmful: opening,
  general: opening,
});

const answer = z.looseObject({ text, tokens: count, label: z.enum(LABELS), reason: text });
const asked = { kind: z.enum(QUERY_KINDS), category: z.enum(CATEGORIES) };
const sample = z.looseObject({
  step: count,
  prompt: text,
  ...asked,
  base: answer,
  student: answer,
  teacher: answer,
});

const row = z.looseObject({
  id: count,
  ...asked,
  query: text,
  constitution: text.nullable(),
  answer,
  source: z.enum(['self', 'frontier']),
});
const calibration = z.looseObject({
  artefact: text.nullable(),
  rows: z.array(row),
  omittedRows: count.optional(),
  reused: z.boolean(),
  steps: z.array(z.looseObject({ step: count, of: count, loss: finite })),
  before: evaluation.nullable(),
  after: evaluation.nullable(),
});

const receipt = z.looseObject({
  lab: text,
  revision: text.optional(),
  configSha256: text,
  runtime: text,
  peakGpuBytes: finite.min(0),
  prompts: z.looseObject({ title: text, sha256: text }).optional(),
  model: z.looseObject({ name: text, parameters: count, trainable: count }),
  adapter: z.looseObject({ vendor: text, architecture: text, description: text }),
  liveChanges: z.array(
    z.looseObject({ step: count, learningRate: finite.optional(), temperature: finite.optional() }),
  ),
});

const figures = z.array(figure);
const pieces = z.array(figures);
const inspection = z.looseObject({
  step: count,
  prompt: text,
  kind: asked.kind,
  answer: z.enum(['current', 'initial']),
  pieces: z.array(text),
  tokens: z.array(count),
  divergence: figures,
  student: figures,
  teacher: figures,
  base: figures,
  studentEntropy: figures,
  teacherEntropy: figures,
  topStudent: pieces,
  topTeacher: pieces,
  topBase: pieces,
  raised: pieces,
  lowered: pieces,
});

const interval = z.looseObject({ standardError: figure, low: figure, high: figure });
const estimate = z.looseObject({ value: figure, interval: interval.nullable() });
const leakage = estimate.extend({
  push: figure,
  pushError: figure,
  pull: figure,
  forced: figure,
  excess: figure,
});
const pair = z.looseObject({ whitened: leakage, raw: leakage });
const shift = z.looseObject({ plain: pair, withRefusals: pair });
const margins = z.looseObject({ refusal: estimate, rich: estimate, expressiveness: estimate });
const answers = z.array(z.tuple([figure, figure, figure]));
const cloud = z.looseObject({ harmful: answers, benign: answers });
/** Its step and its place are checked for comparisons. */
const place = z.looseObject({
  answers: shift,
  states: shift.nullable(),
  margins: margins.nullable(),
  twin: z.looseObject({ harmful: leakage, benign: leakage }).nullable(),
  cloud: z.looseObject({ whitened: cloud, raw: cloud }).optional(),
});
const baseline = z.looseObject({
  layer: z.enum(['final', 'residual']),
  queriesPerKind: count,
  referencesPerKind: count,
  angles: z.array(
    z.looseObject({
      safety: z.enum(SAFETY_AXES),
      expressiveness: z.enum(EXPRESSIVENESS_AXES),
      raw: estimate,
      whitened: estimate,
    }),
  ),
  constitution: shift,
  shuffled: shift,
  teacher: place.optional(),
});

const ascending = (records: readonly { readonly step: number }[]): boolean =>
  records.every(({ step: at }, i) => i === 0 || at > records[i - 1]!.step);

/** What the views of a run and its receipt read, beyond what comparisons do. */
const drawnSchema = z.looseObject({
  receipt,
  steps: z.array(step).refine(ascending, 'the steps are not in order'),
  evals: z.array(evaluation).refine(ascending, 'the evaluations are not in order'),
  teacher: evaluation.nullable(),
  calibration: calibration.nullable(),
  samples: z.array(sample),
  inspections: z.array(inspection).optional(),
  geometry: z.array(place),
  geometryBaseline: baseline.nullable(),
  fault: z
    .looseObject({
      code: z.templateLiteral(['E_', z.string()]),
      message: text,
      consequence: text,
      nextStep: text,
      file: text.optional(),
      place: text.optional(),
    })
    .optional(),
});

/** Whether a run that can be compared can be shown as well. `file` is its name, for the fault. */
export function checkDrawn(record: RunRecord, file: string): Outcome<RunRecord> {
  const checked = drawnSchema.safeParse(record);
  if (checked.success) return { ok: true, value: record };
  const [issue] = checked.error.issues;
  return {
    ok: false,
    fault: {
      code: 'E_RUN_FILE_SHAPE',
      message: `the run is damaged: ${issue?.message ?? 'its shape is unknown'}`,
      file,
      place: issue?.path.join('.') ?? '',
      consequence: 'Nothing was opened; the page is as it was.',
      nextStep: 'Save the run again from where it was made.',
    },
  };
}
