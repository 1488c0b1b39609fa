import type { LabEvent } from '../protocol/lab-api.ts';
import type { Fault } from '../contract/errors.ts';
import type { GeometryBaseline, GeometryRecord } from './geometry-record.ts';
import type { InspectionRecord } from './inspection.ts';
import type {
  BenchmarkComparison,
  CalibrationRecord,
  EvaluationRecord,
  Receipt,
  RunRecord,
  SampleRecord,
} from './run-record.ts';
import {
  EMPTY_SET,
  fromCalibration,
  unfinished,
  withRows,
  withStep,
  type CrossedSet,
} from './crossed-set.ts';
import { MetricSeries } from './metric-series.ts';

/**
 * All that a run has reported: kept outside React, appended to in place, with one version number that rises with every
 * change. Whoever draws it subscribes and reads when it wants to.
 */
export class RunData {
  readonly series = new MetricSeries();
  readonly #listeners = new Set<() => void>();
  #evals: readonly EvaluationRecord[] = [];
  #samples: readonly SampleRecord[] = [];
  #inspections: readonly InspectionRecord[] = [];
  #teacher: EvaluationRecord | null = null;
  #receipt: Receipt | null = null;
  #crossed: CrossedSet = EMPTY_SET;
  #calibration: CalibrationRecord | null = null;
  #geometry: readonly GeometryRecord[] = [];
  #geometryBaseline: GeometryBaseline | null = null;
  #benchmarks: BenchmarkComparison | null = null;
  #fault: Fault | null = null;
  #version = 0;

  static fromRecord(record: RunRecord): RunData {
    const data = new RunData();
    data.#receipt = record.receipt;
    data.#evals = record.evals;
    data.#teacher = record.teacher;
    data.#samples = record.samples;
    data.#inspections = record.inspections ?? [];
    data.#calibration = record.calibration?.artefact ? record.calibration : null;
    data.#crossed = record.calibration ? fromCalibration(record.calibration) : EMPTY_SET;
    data.#geometry = record.geometry;
    data.#geometryBaseline = record.geometryBaseline;
    data.#benchmarks = record.benchmarks;
    data.#fault = record.fault ?? null;
    for (const step of record.steps) data.series.append(step);
    return data;
  }

  get version(): number {
    return this.#version;
  }
  /** In order of their step. */
  get evals(): readonly EvaluationRecord[] {
    return this.#evals;
  }
  get samples(): readonly SampleRecord[] {
    return this.#samples;
  }
  /** In order of their step; empty where no answer was inspected. */
  get inspections(): readonly InspectionRecord[] {
    return this.#inspections;
  }
  get teacher(): EvaluationRecord | null {
    return this.#teacher;
  }
  get receipt(): Receipt | null {
    return this.#receipt;
  }
  /** Cross-SFT as far as it has come; without rows where there is none. */
  get crossed(): CrossedSet {
    return this.#crossed;
  }
  /** Cross-SFT once the calibrated teacher is there. */
  get calibration(): CalibrationRecord | null {
    return this.#calibration;
  }
  /** In order of their step. */
  get geometry(): readonly GeometryRecord[] {
    return this.#geometry;
  }
  get geometryBaseline(): GeometryBaseline | null {
    return this.#geometryBaseline;
  }
  get benchmarks(): BenchmarkComparison | null {
    return this.#benchmarks;
  }
  /** The untrained student: the evaluation before step 1. */
  get base(): EvaluationRecord | null {
    const first = this.#evals[0];
    return first?.step === 0 ? first : null;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes in one event of this run; events that carry no data (status, memory) change nothing. */
  apply(event: LabEvent): void {
    switch (event.type) {
      case 'step':
        this.series.append(event.record);
        break;
      case 'evaluation':
        this.#evals = [...this.#evals.filter(({ step }) => step < event.record.step), event.record];
        break;
      case 'teacher':
        this.#teacher = event.record;
        break;
      case 'samples':
        this.#addSamples(event.records);
        break;
      case 'inspections':
        this.#inspections = [
          ...this.#inspections.filter(({ step }) => step < (event.records[0]?.step ?? Infinity)),
          ...event.records,
        ];
        break;
      case 'receipt':
        this.#receipt = event.receipt;
        break;
      case 'crossed':
        this.#crossed = withRows(this.#crossed, event.rows);
        break;
      case 'calibration-step':
        this.#crossed = withStep(this.#crossed, event.record);
        break;
      case 'calibration':
        this.#calibration = event.record.artefact ? event.record : null;
        this.#crossed = fromCalibration(event.record);
        break;
      case 'geometry-baseline':
        this.#geometryBaseline = event.record;
        break;
      case 'geometry':
        this.#geometry = [...this.#geometry.filter(({ step }) => step < event.record.step), event.record];
        break;
      case 'benchmarks':
        this.#benchmarks = event.record;
        break;
      case 'fault':
        this.#fault = event.fault;
        break;
      default:
        return;
    }
    this.#changed();
  }

  /** The rows of the crossed set that are left out from now on. */
  setDropped(dropped: ReadonlySet<number>): void {
    this.#crossed = { ...this.#crossed, dropped };
    this.#changed();
  }

  /** Forgets everything after `step`: the run was put back to the weights it had then. Cross-SFT came before step 1 and stays. */
  rewind(step: number): void {
    this.series.truncate(step);
    this.#evals = this.#evals.filter(record => record.step <= step);
    this.#samples = this.#samples.filter(record => record.step <= step);
    this.#inspections = this.#inspections.filter(record => record.step <= step);
    this.#geometry = this.#geometry.filter(record => record.step <= step);
    this.#benchmarks = null;
    this.#fault = null;
    this.#changed();
  }

  /** The run as a file, or null where nothing was reported yet. */
  toRecord(): RunRecord | null {
    if (!this.#receipt) return null;
    return {
      format: 'copsd-run',
      version: 2,
      receipt: this.#receipt,
      steps: this.series.toRecords(),
      evals: this.#evals,
      teacher: this.#teacher,
      calibration: this.#calibration ?? unfinished(this.#crossed),
      geometry: this.#geometry,
      geometryBaseline: this.#geometryBaseline,
      benchmarks: this.#benchmarks,
      samples: this.#samples,
      ...(this.#inspections.length > 0 && { inspections: this.#inspections }),
      ...(this.#fault && { fault: this.#fault }),
    };
  }

  #addSamples(records: readonly SampleRecord[]): void {
    const key = ({ step, prompt }: SampleRecord): string => `${step} ${prompt}`;
    const fresh = new Set(records.map(key));
    this.#samples = [...this.#samples.filter(record => !fresh.has(key(record))), ...records];
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}
