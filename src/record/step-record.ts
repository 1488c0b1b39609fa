import { z } from 'zod';
import { QUERY_KINDS, type QueryKind } from '../contract/world.ts';
import { alone, CHART, kindPlot, type Chart, type PlotPlace } from './charts.ts';
import { count, figure, type Frozen } from './fields.ts';

/** A figure of an optimiser step: a field of its record, a column of the CSV under the same name, and what a chart draws. */
interface StepFigure {
  readonly unit: string;
  /** What it is a mean over; null: it is no mean. */
  readonly over: 'tokens' | 'rollouts' | null;
  readonly plot?: PlotPlace | undefined;
}

/** Of a whole step. Tokens are those of the responses; entropies and divergences in nats. Null where a step has none. */
const STEP = {
  /** The objective that was minimised, at the divergence temperature, over the tokens that take part; of the step's last update. */
  loss: { unit: 'objective', over: 'tokens', plot: alone(CHART.loss) },
  /** Reverse KL(student ‖ teacher) at temperature 1, whatever the objective; none where no teacher takes part. */
  reverseKl: {
    unit: 'nats/token',
    over: 'tokens',
    plot: { ...alone(CHART.divergence), teacherLevel: 0 },
  },
  studentEntropy: { unit: 'nats/token', over: 'tokens', plot: alone(CHART.entropy) },
  teacherEntropy: { unit: 'nats/token', over: 'tokens' },
  /** Response length, end of turn included. */
  length: { unit: 'tokens', over: 'rollouts' },
  /** Global gradient norm before clipping. */
  gradientNorm: { unit: 'norm', over: null, plot: alone(CHART.gradientNorm) },
  learningRate: { unit: '1', over: null },
  /** Tokens trained on. */
  tokens: { unit: 'tokens', over: null },
  /** Wall-clock time of the step, and of its rollout part. */
  seconds: { unit: 's', over: null },
  rolloutSeconds: { unit: 's', over: null },
} as const satisfies Record<string, StepFigure>;

interface KindFigure extends Omit<StepFigure, 'plot'> {
  /** Has a plot for each kind of request. */
  readonly chart?: Chart;
}

/** Of the rollouts of one query kind in a step; a kind without rollouts has no figures. */
const KIND = {
  rollouts: { unit: '1', over: null },
  length: { unit: 'tokens', over: 'rollouts', chart: CHART.length },
  /** Share of answers judged `refuse` or `rich`. */
  refusal: { unit: 'share', over: 'rollouts', chart: CHART.refusal },
  /** Mean over the rollouts of their mean reverse KL a token. */
  reverseKl: { unit: 'nats/token', over: 'rollouts' },
} as const satisfies Record<string, KindFigure>;

type StepMetric = keyof typeof STEP;
type KindMetric = keyof typeof KIND;
/** A column: a figure of the whole step, or of one query kind (`benign.length`). */
export type Metric = StepMetric | `${QueryKind}.${KindMetric}`;

export const STEP_METRICS = Object.keys(STEP) as readonly StepMetric[];
export const KIND_METRICS = Object.keys(KIND) as readonly KindMetric[];

interface StepColumn extends StepFigure {
  readonly metric: Metric;
}

/** All columns in the order of the CSV: those of the step, then those of each kind. */
export const STEP_COLUMNS: readonly StepColumn[] = [
  ...STEP_METRICS.map((metric): StepColumn => ({ metric, ...STEP[metric] })),
  ...QUERY_KINDS.flatMap(kind =>
    KIND_METRICS.map((metric): StepColumn => {
      const { chart, ...words }: KindFigure = KIND[metric];
      return { metric: `${kind}.${metric}`, ...words, plot: chart && kindPlot(chart, kind) };
    }),
  ),
];

/** A file that is older than a figure has none. */
const optional = figure.default(null);
const fields = <K extends string>(keys: readonly K[]): Record<K, typeof optional> =>
  Object.fromEntries(keys.map(key => [key, optional])) as Record<K, typeof optional>;

export const stepSchema = z.object({
  step: z.int().min(1),
  ...fields(STEP_METRICS),
  kinds: z.partialRecord(z.enum(QUERY_KINDS), z.object({ ...fields(KIND_METRICS), rollouts: count })),
});

const none = <K extends string>(keys: readonly K[]) =>
  Object.fromEntries(keys.map(key => [key, null])) as Readonly<Record<K, null>>;

/** A step that measured nothing: whoever takes one puts its figures in their place. */
export const NO_FIGURES = none(STEP_METRICS);
export const NO_KIND_FIGURES = none(KIND_METRICS);

/** One optimiser step. */
export type StepRecord = Frozen<z.infer<typeof stepSchema>>;
export type KindFigures = NonNullable<StepRecord['kinds'][QueryKind]>;
