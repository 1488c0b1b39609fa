import { fold, NOTHING, type RunEvent, type RunFacts, type UnrecordedEvent } from './fold.ts';
import { MetricSeries } from './metric-series.ts';
import type { CalibrationRecord, EvaluationRecord, RunRecord } from './run-record.ts';

/**
 * All that a run has reported, alike in the worker, in the headless twin and on the page: steps as columns, appended to in place, and
 * the rest by `fold`. One version number rises with every change; whoever draws it subscribes and reads when it wants to.
 */
export class RunData implements RunFacts {
  readonly series = new MetricSeries();
  readonly receipt = NOTHING.receipt;
  readonly evals = NOTHING.evals;
  readonly teacher = NOTHING.teacher;
  readonly samples = NOTHING.samples;
  readonly crossed = NOTHING.crossed;
  readonly calibration = NOTHING.calibration;
  readonly geometry = NOTHING.geometry;
  readonly geometryBaseline = NOTHING.geometryBaseline;
  readonly benchmarks = NOTHING.benchmarks;
  readonly inspections = NOTHING.inspections;
  readonly fault = NOTHING.fault;
  readonly #listeners = new Set<() => void>();
  #version = 0;

  static fromRecord(record: RunRecord): RunData {
    const { receipt, steps, evals, teacher, samples, calibration, geometry } = record;
    const { geometryBaseline, benchmarks, inspections = [], fault = null } = record;
    const data = new RunData();
    for (const step of steps) data.series.append(step);
    if (calibration) data.apply({ type: 'calibration', record: calibration });
    const facts = { receipt, evals, teacher, samples, geometry, geometryBaseline, benchmarks };
    data.#change({ ...facts, inspections, fault });
    return data;
  }

  get version(): number {
    return this.#version;
  }

  /** The untrained student: the evaluation before step 1. */
  get base(): EvaluationRecord | null {
    const first = this.evals[0];
    return first?.step === 0 ? first : null;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes in one event of this run. */
  apply(event: RunEvent | UnrecordedEvent): void {
    if (event.type === 'step') this.series.append(event.record);
    if (event.type === 'rewound') this.series.truncate(event.step);
    const change = fold(this, event);
    if (change || event.type === 'step') this.#change(change);
  }

  /** The run as a file, or null where nothing was reported yet. */
  toRecord(): RunRecord | null {
    const { receipt, inspections, fault } = this;
    if (!receipt) return null;
    return {
      format: 'copsd-run',
      version: 2,
      receipt,
      steps: this.series.toRecords(),
      evals: this.evals,
      teacher: this.teacher,
      samples: this.samples,
      calibration: this.calibration ?? this.#unfinished(),
      geometry: this.geometry,
      geometryBaseline: this.geometryBaseline,
      benchmarks: this.benchmarks,
      ...(inspections.length > 0 && { inspections }),
      ...(fault && { fault }),
    };
  }

  /** What a run that ended before its teacher was calibrated keeps of it; null where nothing was written. */
  #unfinished(): CalibrationRecord | null {
    const { rows, dropped, steps } = this.crossed;
    if (rows.length === 0) return null;
    const out = rows.flatMap(({ id }) => (dropped.has(id) ? [id] : []));
    return { artefact: null, rows, dropped: out, steps, before: null, after: null, reused: false };
  }

  #change(change: Partial<RunFacts> | null): void {
    Object.assign(this, change);
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
