import { QUERY_KINDS } from '../contract/world.ts';
import {
  KIND_METRICS,
  NO_FIGURES,
  NO_KIND_FIGURES,
  STEP_METRICS,
  type Metric,
  type StepRecord,
} from './step-record.ts';

const FIRST_CAPACITY = 256;

/** One figure over the steps; what a step does not have is NaN. */
interface Column<K extends string> {
  readonly key: K;
  readonly metric: Metric;
  values: Float64Array;
}

const column = <K extends string>(key: K, metric: Metric): Column<K> => ({
  key,
  metric,
  values: new Float64Array(FIRST_CAPACITY),
});

/** One row. Filled into a copy of `blank`, which is three times as fast as adding its fields. */
function rowOf(
  blank: Readonly<Record<string, null>>,
  columns: readonly Column<string>[],
  at: number,
): Record<string, number | null> {
  const figures: Record<string, number | null> = { ...blank };
  for (const { key, values } of columns) figures[key] = Number.isNaN(values[at]!) ? null : values[at]!;
  return figures;
}

/**
 * The step records of a run as columns of float64, grown by doubling. Rows are in order of their step; a row for a step
 * that is already there cuts everything from that step on (a run put back to earlier weights reports it again).
 * A kind without rollouts in a step has NaN in all its columns.
 */
export class MetricSeries {
  #capacity = FIRST_CAPACITY;
  #rows = 0;
  #steps = new Float64Array(FIRST_CAPACITY);
  readonly #whole = STEP_METRICS.map(metric => column(metric, metric));
  readonly #kinds = QUERY_KINDS.map(kind => ({
    kind,
    columns: KIND_METRICS.map(metric => column(metric, `${kind}.${metric}`)),
  }));
  readonly #byMetric = new Map(
    [...this.#whole, ...this.#kinds.flatMap(({ columns }) => columns)].map(found => [found.metric, found]),
  );

  get rows(): number {
    return this.#rows;
  }

  get lastStep(): number {
    return this.#rows > 0 ? this.#steps[this.#rows - 1]! : 0;
  }

  /** Steps so far. A view: valid until the next `append`. */
  get steps(): Float64Array {
    return this.#steps.subarray(0, this.#rows);
  }

  /** One column so far. A view: valid until the next `append`. */
  column(metric: Metric): Float64Array {
    return this.#byMetric.get(metric)!.values.subarray(0, this.#rows);
  }

  append(record: StepRecord): void {
    this.truncate(record.step - 1);
    if (this.#rows === this.#capacity) this.#grow();
    const row = this.#rows;
    this.#steps[row] = record.step;
    for (const { key, values } of this.#whole) values[row] = record[key] ?? NaN;
    for (const { kind, columns } of this.#kinds)
      for (const { key, values } of columns) values[row] = record.kinds[kind]?.[key] ?? NaN;
    this.#rows += 1;
  }

  /** Drops all rows after `step`. */
  truncate(step: number): void {
    while (this.#rows > 0 && this.lastStep > step) this.#rows -= 1;
  }

  /** The records again, for files. */
  toRecords(): StepRecord[] {
    return Array.from(this.steps, (step, at) => {
      const kinds: Record<string, unknown> = {};
      for (const { kind, columns } of this.#kinds)
        if (!Number.isNaN(columns[0]!.values[at])) kinds[kind] = rowOf(NO_KIND_FIGURES, columns, at);
      return { step, ...rowOf(NO_FIGURES, this.#whole, at), kinds } as unknown as StepRecord;
    });
  }

  #grow(): void {
    this.#capacity *= 2;
    const grown = (old: Float64Array): Float64Array<ArrayBuffer> => {
      const bigger = new Float64Array(this.#capacity);
      bigger.set(old);
      return bigger;
    };
    this.#steps = grown(this.#steps);
    for (const each of this.#byMetric.values()) each.values = grown(each.values);
  }
}
