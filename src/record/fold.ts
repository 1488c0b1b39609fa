import type { Fault } from '../contract/errors.ts';
import type { GeometryBaseline, GeometryRecord } from './geometry-record.ts';
import type { InspectionRecord } from './inspection.ts';
import type {
  BenchmarkComparison,
  CalibrationRecord,
  CalibrationStep,
  CrossedRow,
  EvaluationRecord,
  Receipt,
  SampleRecord,
  StepRecord,
} from './run-record.ts';

/** What a session reports and a record is made of. Whatever is told of a step cuts what was told of it and of later ones before. */
export type MeasuredEvent =
  | { readonly type: 'receipt'; readonly receipt: Receipt }
  | { readonly type: 'step'; readonly record: StepRecord }
  | { readonly type: 'evaluation'; readonly record: EvaluationRecord }
  | { readonly type: 'teacher'; readonly record: EvaluationRecord }
  /** All samples of a step. */
  | { readonly type: 'samples'; readonly records: readonly SampleRecord[] }
  /** All inspected answers of a step. */
  | { readonly type: 'inspections'; readonly records: readonly InspectionRecord[] }
  /** Rows of the crossed set of Cross-SFT, as they are written. */
  | { readonly type: 'crossed'; readonly rows: readonly CrossedRow[] }
  | { readonly type: 'calibration-step'; readonly record: CalibrationStep }
  /** The calibrated teacher is there. */
  | { readonly type: 'calibration'; readonly record: CalibrationRecord }
  | { readonly type: 'geometry-baseline'; readonly record: GeometryBaseline }
  | { readonly type: 'geometry'; readonly record: GeometryRecord }
  | { readonly type: 'benchmarks'; readonly record: BenchmarkComparison };

/** What changes a record: what was measured, and what befell the run. */
export type RunEvent =
  | MeasuredEvent
  | { readonly type: 'fault'; readonly fault: Fault }
  /** The run was put back to the weights of `step`: all after it is forgotten. Cross-SFT came before step 1 and stays. */
  | { readonly type: 'rewound'; readonly step: number }
  /** The rows of the crossed set that are left out from now on. */
  | { readonly type: 'dropped'; readonly rows: ReadonlySet<number> };

/** What else is told of a run: nothing of it is recorded. */
export interface UnrecordedEvent {
  readonly type:
    'status' | 'opened' | 'activity' | 'boundary' | 'checkpoint' | 'memory' | 'kept' | 'download';
}

/** Cross-SFT as far as it has come: its rows, those left out, and the fine-tuning steps. A new object with every change. */
export interface CrossedSet {
  /** In the order of their first writing. */
  readonly rows: readonly CrossedRow[];
  readonly dropped: ReadonlySet<number>;
  readonly steps: readonly CalibrationStep[];
}

/** A record but for its steps, which come too often to be copied (`MetricSeries`). Lists are in order of their steps. */
export interface RunFacts {
  /** Null until the run is prepared. */
  readonly receipt: Receipt | null;
  readonly evals: readonly EvaluationRecord[];
  readonly teacher: EvaluationRecord | null;
  readonly samples: readonly SampleRecord[];
  /** Cross-SFT as far as it has come; without rows where there is none. */
  readonly crossed: CrossedSet;
  /** Cross-SFT once the calibrated teacher is there. */
  readonly calibration: CalibrationRecord | null;
  readonly geometry: readonly GeometryRecord[];
  readonly geometryBaseline: GeometryBaseline | null;
  readonly benchmarks: BenchmarkComparison | null;
  /** Empty where no answer was inspected. */
  readonly inspections: readonly InspectionRecord[];
  readonly fault: Fault | null;
}

export const NOTHING: RunFacts = {
  receipt: null,
  evals: [],
  teacher: null,
  samples: [],
  crossed: { rows: [], dropped: new Set(), steps: [] },
  calibration: null,
  geometry: [],
  geometryBaseline: null,
  benchmarks: null,
  inspections: [],
  fault: null,
};

interface AtStep {
  readonly step: number;
}

const before = <T extends AtStep>(records: readonly T[], step: number): readonly T[] =>
  records.filter(record => record.step < step);

/** Adds records of one step. */
const told = <T extends AtStep>(records: readonly T[], added: readonly T[]): readonly T[] =>
  added[0] ? [...before(records, added[0].step), ...added] : records;

/** Takes in rows as they are written; one with a known id replaces the one before it, so that a repeated set stays one. */
const withRows = (rows: readonly CrossedRow[], added: readonly CrossedRow[]): readonly CrossedRow[] => [
  ...new Map([...rows, ...added].map(row => [row.id, row])).values(),
];

const crossedOf = ({ rows, dropped, steps }: CalibrationRecord): CrossedSet => ({
  rows,
  dropped: new Set(dropped),
  steps,
});

/** What an event changes; null where that is nothing here. Steps go to a `MetricSeries`. */
export function fold(run: RunFacts, event: RunEvent | UnrecordedEvent): Partial<RunFacts> | null {
  const { crossed } = run;
  switch (event.type) {
    case 'receipt':
      return { receipt: event.receipt };
    case 'evaluation':
      return { evals: told(run.evals, [event.record]) };
    case 'teacher':
      return { teacher: event.record };
    case 'samples':
      return { samples: told(run.samples, event.records) };
    case 'inspections':
      return { inspections: told(run.inspections, event.records) };
    case 'crossed':
      return { crossed: { ...crossed, rows: withRows(crossed.rows, event.rows) } };
    case 'calibration-step':
      // A step that comes again: the fine-tuning was begun anew.
      return { crossed: { ...crossed, steps: told(crossed.steps, [event.record]) } };
    case 'calibration':
      return {
        calibration: event.record.artefact === null ? null : event.record,
        crossed: crossedOf(event.record),
      };
    case 'dropped':
      return { crossed: { ...crossed, dropped: event.rows } };
    case 'geometry':
      return { geometry: told(run.geometry, [event.record]) };
    case 'geometry-baseline':
      return { geometryBaseline: event.record };
    case 'benchmarks':
      return { benchmarks: event.record };
    case 'fault':
      return { fault: event.fault };
    case 'rewound':
      return {
        evals: before(run.evals, event.step + 1),
        samples: before(run.samples, event.step + 1),
        inspections: before(run.inspections, event.step + 1),
        geometry: before(run.geometry, event.step + 1),
        benchmarks: null,
        fault: null,
      };
    default:
      return null;
  }
}
