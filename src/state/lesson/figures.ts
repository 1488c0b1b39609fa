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
import { gpuAdapterName, fixed, percent } from '../../contract/format.ts';
import type { Table } from '../../record/tables.ts';
import type { PredictionSpec, ReadingSpec, TrainedStep } from './steps.ts';

/** What the lesson measures. */
export const LESSON_MEASURES = {
  length: LENGTH,
  borderline: BORDERLINE,
  unsafe: UNSAFE,
  entropy: ENTROPY,
  nats: NATS,
  kl: KL,
} satisfies Readonly<Record<string, EvaluationFigure>>;
export type FigureId = keyof typeof LESSON_MEASURES;
export const FIGURES = Object.keys(LESSON_MEASURES) as [FigureId, ...FigureId[]];

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
/** What answered each step that a run answers. */
export type Findings = Readonly<Partial<Record<string, Finding | null>>>;

/** A figure that an evaluation lacks is null. */
export const figuresOf = (record: EvaluationRecord): Figures =>
  Object.fromEntries(FIGURES.map(id => [id, LESSON_MEASURES[id].value(record)])) as Figures;

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

/** A figure in its measure's words: shares as percentages. */
export function figureText(id: FigureId, value: number | null): string {
  if (value === null) return '–';
  if (LESSON_MEASURES[id].share) return percent(value);
  return fixed(value, id === 'length' || id === 'nats' ? 1 : 3);
}

export function measureName(id: FigureId): string {
  const { label, unit, share } = LESSON_MEASURES[id];
  return share || label.toLowerCase().startsWith(unit) ? label : `${label} (${unit})`;
}

export const DIRECTIONS = ['up', 'down'] as const;
export type Direction = (typeof DIRECTIONS)[number];
/** What a learner expects of each figure. */
export type Predictions = Readonly<Partial<Record<FigureId, Direction | null>>>;
/** What a learner read off the charts. */
export type Readings = Readonly<Partial<Record<FigureId, number | null>>>;

export interface Verdict {
  readonly spec: PredictionSpec;
  readonly predicted: Direction | null;
  /** Base and student, as the finding has them. */
  readonly before: string;
  readonly after: string;
  /** Null where the figure stayed where it was, or was not measured. */
  readonly moved: Direction | null;
}

const directionOf = (before: number | null, after: number | null): Direction | null =>
  before === null || after === null || before === after ? null : after > before ? 'up' : 'down';

/** What was said, beside what the run did. */
export function verdictsOf(
  specs: readonly PredictionSpec[],
  predictions: Predictions,
  { base, student }: Finding,
): readonly Verdict[] {
  return specs.map(spec => ({
    spec,
    predicted: predictions[spec.figure] ?? null,
    before: figureText(spec.figure, base[spec.figure]),
    after: figureText(spec.figure, student[spec.figure]),
    moved: directionOf(base[spec.figure], student[spec.figure]),
  }));
}

/** How far a reading lies from the figure, in the reading's unit; null where either is missing. */
export function readingGap({ figure }: ReadingSpec, readings: Readings, base: Figures): number | null {
  const read = readings[figure] ?? null;
  const value = base[figure];
  if (read === null || value === null) return null;
  return Math.abs(read - (LESSON_MEASURES[figure].share ? value * 100 : value));
}

/** What a step's run measured, beside what it is compared with; null until it has finished. */
export function findingTable({ id, run }: TrainedStep, findings: Findings): Table | null {
  const finding = findings[id];
  if (!finding) return null;
  const columns = [
    ['Base', finding.base],
    ...(run.beside?.(finding, step => findings[step] ?? null) ?? []),
    [run.student, finding.student],
  ] as const;
  return {
    columns: ['Held-out queries', ...columns.map(([name]) => name)],
    rows: run.figures.map(figure => [
      measureName(figure),
      ...columns.map(([, figures]) => figureText(figure, figures[figure])),
    ]),
  };
}
