import type { Fault } from '../contract/errors.ts';
import type { GeometryBaseline, GeometryRecord } from '../record/geometry-record.ts';
import type { InspectionRecord } from '../record/inspection.ts';
import type {
  BenchmarkComparison,
  CalibrationRecord,
  CalibrationStep,
  CrossedRow,
  EvaluationRecord,
  LiveChange,
  Receipt,
  RunRecord,
  SampleRecord,
  StepRecord,
} from '../record/run-record.ts';
import type { SessionEvent } from './session.ts';

/** Gathers a session's events into one record. */
export class RunRecorder {
  #receipt: Receipt | undefined;
  #teacher: EvaluationRecord | null = null;
  #fault: Fault | undefined;
  #steps: StepRecord[] = [];
  #evals: EvaluationRecord[] = [];
  #samples: SampleRecord[] = [];
  #inspections: InspectionRecord[] = [];
  #rows: CrossedRow[] = [];
  #calibrationSteps: CalibrationStep[] = [];
  #calibration: CalibrationRecord | null = null;
  #geometry: GeometryRecord[] = [];
  #geometryBaseline: GeometryBaseline | null = null;
  #benchmarks: BenchmarkComparison | null = null;

  /** One that goes on from a record. */
  static of(record: RunRecord): RunRecorder {
    const recorder = new RunRecorder();
    recorder.#receipt = record.receipt;
    recorder.#teacher = record.teacher;
    recorder.#fault = record.fault;
    recorder.#steps = [...record.steps];
    recorder.#evals = [...record.evals];
    recorder.#samples = [...record.samples];
    recorder.#inspections = [...(record.inspections ?? [])];
    recorder.#calibration = record.calibration;
    recorder.#geometry = [...record.geometry];
    recorder.#geometryBaseline = record.geometryBaseline;
    recorder.#benchmarks = record.benchmarks;
    return recorder;
  }

  add(event: SessionEvent): void {
    switch (event.type) {
      case 'receipt':
        this.#receipt = event.receipt;
        break;
      case 'teacher':
        this.#teacher = event.record;
        break;
      case 'step':
        this.#steps.push(event.record);
        break;
      case 'evaluation':
        this.#evals.push(event.record);
        break;
      case 'samples':
        this.#samples.push(...event.records);
        break;
      case 'inspections':
        this.#inspections = [
          ...this.#inspections.filter(({ step }) => step !== event.records[0]?.step),
          ...event.records,
        ];
        break;
      case 'crossed':
        this.#rows.push(...event.rows);
        break;
      case 'calibration-step':
        this.#calibrationSteps.push(event.record);
        break;
      case 'calibration':
        this.#calibration = event.record;
        break;
      case 'geometry':
        this.#geometry.push(event.record);
        break;
      case 'geometry-baseline':
        this.#geometryBaseline = event.record;
        break;
      case 'benchmarks':
        this.#benchmarks = event.record;
        break;
      default:
    }
  }

  fail(fault: Fault): void {
    this.#fault = fault;
  }

  /** Forgets what came after `step`, and why it failed. */
  rewind(step: number): void {
    const kept = ({ step: at }: { step: number }): boolean => at <= step;
    this.#steps = this.#steps.filter(kept);
    this.#evals = this.#evals.filter(kept);
    this.#samples = this.#samples.filter(kept);
    this.#inspections = this.#inspections.filter(kept);
    this.#geometry = this.#geometry.filter(kept);
    this.#benchmarks = null;
    this.#fault = undefined;
  }

  /** What there is of a stage 1 that is under way, or was when the run ended. */
  #unfinishedCalibration(out: ReadonlySet<number>): CalibrationRecord | null {
    if (this.#rows.length === 0) return null;
    const [rows, steps] = [[...this.#rows], [...this.#calibrationSteps]];
    const dropped = rows.flatMap(({ id }) => (out.has(id) ? [id] : []));
    return { artefact: null, rows, steps, dropped, before: null, after: null, reused: false };
  }

  /** The receipt with changes that were made since it was written; undefined before there is one. */
  receiptWith(liveChanges: readonly LiveChange[]): Receipt | undefined {
    return this.#receipt && { ...this.#receipt, liveChanges: [...liveChanges] };
  }

  /**
   * The run so far; undefined before it has a receipt.
   * @param dropped rows that are left out of a Cross-SFT that is not over
   */
  record(dropped: ReadonlySet<number> = new Set()): RunRecord | undefined {
    if (!this.#receipt) return undefined;
    return {
      format: 'copsd-run',
      version: 2,
      receipt: this.#receipt,
      steps: [...this.#steps],
      evals: [...this.#evals],
      teacher: this.#teacher,
      samples: [...this.#samples],
      calibration: this.#calibration ?? this.#unfinishedCalibration(dropped),
      geometry: [...this.#geometry],
      geometryBaseline: this.#geometryBaseline,
      benchmarks: this.#benchmarks,
      ...(this.#inspections.length > 0 && { inspections: [...this.#inspections] }),
      ...(this.#fault && { fault: this.#fault }),
    };
  }
}
