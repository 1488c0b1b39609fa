import { z } from 'zod';
import { RECIPES } from '../../settings/recipes.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import type { EvaluationRecord, Receipt } from '../../record/run-record.ts';
import {
  BORDERLINE,
  ENTROPY,
  KL,
  LENGTH,
  NATS,
  queriesInWords,
  UNSAFE,
  type EvaluationFigure,
} from '../../record/evaluation-record.ts';
import { gpuAdapterName } from '../../contract/format.ts';

const FIGURES = ['length', 'borderline', 'unsafe', 'entropy', 'nats', 'kl'] as const;
export type FigureId = (typeof FIGURES)[number];

/** What the lesson measures. */
export const LESSON_MEASURES: Readonly<Record<FigureId, EvaluationFigure>> = {
  length: LENGTH,
  borderline: BORDERLINE,
  unsafe: UNSAFE,
  entropy: ENTROPY,
  nats: NATS,
  kl: KL,
};

const text = z.string().max(300);
export const figuresSchema = z.record(z.enum(FIGURES), z.number().nullable());
export type Figures = z.infer<typeof figuresSchema>;

/** What a finished run says to a step: figures of its base and its student, and what it takes to repeat it. */
export const findingSchema = z.strictObject({
  runId: text,
  label: text,
  /** A run that was recorded, not trained here. */
  recorded: z.boolean(),
  base: figuresSchema,
  student: figuresSchema,
  /** The same training with the clause, where the run itself is one without it. */
  withClause: figuresSchema.nullable(),
  /** The clauses that were left out. */
  without: z.array(z.string().max(2000)).max(200),
  queriesPerKind: z.int().min(0),
  /** In words; findings of earlier versions do not have it. */
  queries: text.optional(),
  receipt: z.strictObject({
    recipe: z.enum(RECIPES),
    steps: z.int(),
    seed: z.int(),
    createdAt: text,
    configSha256: text,
    weightsSha256: text,
    adapter: text,
  }),
});
export type Finding = z.infer<typeof findingSchema>;

/** A figure that an evaluation lacks is null. */
export function figuresOf(record: EvaluationRecord): Figures {
  const value = (id: FigureId): number | null => LESSON_MEASURES[id].value(record);
  return {
    length: value('length'),
    borderline: value('borderline'),
    unsafe: value('unsafe'),
    entropy: value('entropy'),
    nats: value('nats'),
    kl: value('kl'),
  };
}

export const clausesOff = ({ constitution }: RunConfig): string[] =>
  constitution.clauses.flatMap(({ enabled, text: words }) => (enabled ? [] : [words]));

interface Source {
  readonly evals: readonly EvaluationRecord[];
  readonly receipt: Receipt | null;
}

/** Null where the run has no receipt, no base or no trained student. */
export function findingOf(
  named: Pick<Finding, 'runId' | 'label' | 'recorded'>,
  { evals, receipt }: Source,
): Finding | null {
  const base = evals.find(({ step }) => step === 0);
  const student = evals.findLast(({ step }) => step > 0);
  if (!receipt || !base || !student) return null;
  const { config, createdAt, configSha256, weightsSha256, adapter } = receipt;
  return {
    ...named,
    base: figuresOf(base),
    student: figuresOf(student),
    withClause: null,
    without: clausesOff(config),
    queriesPerKind: student.queriesPerKind,
    queries: queriesInWords(student),
    receipt: {
      recipe: config.recipe,
      steps: config.steps,
      seed: config.seed,
      createdAt,
      configSha256,
      weightsSha256,
      adapter: gpuAdapterName(adapter),
    },
  };
}
