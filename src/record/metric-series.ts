import type { StepRecord } from './run-record.ts';
import { QUERY_KINDS, type QueryKind } from '../contract/world.ts';

const STEP_METRICS = [
  'loss',
  'reverseKl',
  'studentEntropy',
  'teacherEntropy',
  'length',
  'gradientNorm',
  'learningRate',
  'tokens',
  'seconds',
  'rolloutSeconds',
] as const;
const KIND_METRICS = ['rollouts', 'length', 'refusal', 'reverseKl'] as const;

type StepMetric = (typeof STEP_METRICS)[number];
type KindMetric = (typeof KIND_METRICS)[number];
/** A column: a figure of the whole step, or of one query kind (`benign.length`). */
export type Metric = StepMetric | `${QueryKind}.${KindMetric}`;

export const METRICS: readonly Metric[] = [
  ...STEP_METRICS,
  ...QUERY_KINDS.flatMap(kind => KIND_METRICS.map(metric => `${kind}.${metric}` as const)),
];

const FIRST_CAPACITY = 256;

/**
 * The step records of a run as columns of float64, grown by doubling. Rows are in order of their step; a row for a step
 * that is already there cuts everything from that step on (a run put back to earlier weights reports it again).
 * A kind without rollouts in a step, and a teacher's figure without teacher, is NaN.
 */
export class MetricSeries {
  #capacity = FIRST_CAPACITY;
  #rows = 0;
  #steps = new Float64Array(FIRST_CAPACITY);
  readonly #columns = new Map<Metric, Float64Array>(
    METRICS.map(metric => [metric, new Float64Array(FIRST_CAPACITY)]),
  );

  get rows(): number {
    return this.#rows;
  }

  get lastStep(): number {
    return this.#rows > 0 ? (this.#steps[this.#rows - 1] ?? 0) : 0;
  }

  /** Steps so far. A view: valid until the next `append`. */
  get steps(): Float64Array {
    return this.#steps.subarray(0, this.#rows);
  }

  /** One column so far. A view: valid until the next `append`. */
  column(metric: Metric): Float64Array {
    return this.#column(metric).subarray(0, this.#rows);
  }

  append(record: StepRecord): void {
    while (this.#rows > 0 && this.lastStep >= record.step) this.#rows -= 1;
    if (this.#rows === this.#capacity) this.#grow();
    const row = this.#rows;
    this.#steps[row] = record.step;
    for (const metric of STEP_METRICS) this.#column(metric)[row] = record[metric] ?? NaN;
    for (const kind of QUERY_KINDS) {
      const figures = record.kinds[kind];
      for (const metric of KIND_METRICS) this.#column(`${kind}.${metric}`)[row] = figures?.[metric] ?? NaN;
    }
    this.#rows += 1;
  }

  /** Drops all rows after `step`. */
  truncate(step: number): void {
    while (this.#rows > 0 && this.lastStep > step) this.#rows -= 1;
  }

  /** The records again, for export. */
  toRecords(): StepRecord[] {
    return Array.from({ length: this.#rows }, (_, row) => {
      const value = (metric: Metric): number => this.#column(metric)[row] ?? NaN;
      const known = (metric: Metric): number | null => (Number.isNaN(value(metric)) ? null : value(metric));
      const present = QUERY_KINDS.filter(kind => !Number.isNaN(value(`${kind}.rollouts`)));
      const figures = (kind: QueryKind) => ({
        rollouts: value(`${kind}.rollouts`),
        length: value(`${kind}.length`),
        refusal: value(`${kind}.refusal`),
        reverseKl: value(`${kind}.reverseKl`),
      });
      return {
        step: this.#steps[row] ?? 0,
        loss: value('loss'),
        reverseKl: known('reverseKl'),
        studentEntropy: value('studentEntropy'),
        teacherEntropy: known('teacherEntropy'),
        length: value('length'),
        gradientNorm: value('gradientNorm'),
        learningRate: value('learningRate'),
        tokens: value('tokens'),
        seconds: value('seconds'),
        rolloutSeconds: value('rolloutSeconds'),
        kinds: Object.fromEntries(present.map(kind => [kind, figures(kind)])),
      };
    });
  }

  #column(metric: Metric): Float64Array {
    const column = this.#columns.get(metric);
    if (!column) throw new Error(`no column ${metric}`);
    return column;
  }

  #grow(): void {
    this.#capacity *= 2;
    const grown = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const bigger = new Float64Array(this.#capacity);
      bigger.set(old);
      return bigger;
    };
    this.#steps = grown(this.#steps);
    for (const [metric, column] of this.#columns) this.#columns.set(metric, grown(column));
  }
}
