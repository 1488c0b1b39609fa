import type { ConstitutionReader, ConstitutionReading } from '../contract/constitution-reading.ts';
import type { Fault } from '../contract/errors.ts';
import type { Answered, Awaitable, Outcome } from '../contract/outcome.ts';
import type { ExportKind } from './export-formats.ts';
import type { ExportFile, ModelCommands, ModelEvent, StudentModel } from './model-api.ts';
import type { CalibrationConfig } from '../settings/method-config.ts';
import type { LiveSettings, RunConfig } from '../settings/run-config.ts';
import type { MeasuredEvent } from '../record/fold.ts';
import type { Receipt, RunRecord } from '../record/run-record.ts';
import type { ResumedRun } from './kept-runs.ts';
import type { Constitution } from '../contract/world.ts';

/** Where a run is. `stopped`, `finished` and `failed` are final. */
export type RunStatus = 'preparing' | 'running' | 'paused' | 'stopped' | 'finished' | 'failed';

/** The device that the worker computes on. */
export interface LabInfo {
  readonly gpuAdapter: Receipt['adapter'];
  /** Whether it computes without a graphics card. */
  readonly software: boolean;
}

/** Everything that the worker tells the page. Batched: one message carries what gathered since the last. */
export type LabEvent =
  | {
      readonly type: 'status';
      readonly runId: string;
      readonly status: RunStatus;
      readonly step: number;
      readonly activity: string;
    }
  | (MeasuredEvent & { readonly runId: string })
  /** The run has its device, and its model is on it. */
  | { readonly type: 'opened'; readonly runId: string; readonly info: LabInfo }
  | {
      readonly type: 'memory';
      readonly runId: string;
      readonly gpuBytes: number;
      readonly peakGpuBytes: number;
    }
  /** The run was written where it survives the page, and can go on from `step`; null where only its figures can be read, or for a fault. */
  | {
      readonly type: 'kept';
      readonly runId: string;
      readonly step: number | null;
      readonly fault: Fault | null;
    }
  /** The device was lost, and the run went on by itself from its checkpoint: steps after it are reported again. */
  | { readonly type: 'rewound'; readonly runId: string; readonly step: number; readonly fault: Fault }
  | ModelEvent
  | { readonly type: 'fault'; readonly runId: string | null; readonly fault: Fault };

/** A calibrated teacher, kept for runs to come. */
export interface Artefact {
  readonly name: string;
  /** The settings that it was made with. */
  readonly calibration: CalibrationConfig;
  readonly constitution: string;
  readonly rows: number;
  readonly bytes: number;
}

/** An external teacher as a person chooses it: parsed JSON files and the bytes of the graph. */
export interface TeacherFiles {
  readonly name: string;
  readonly config: unknown;
  readonly tokenizer: unknown;
  readonly onnx: Uint8Array<ArrayBuffer>;
}

export type { Outcome };

/** A run to forecast. */
export interface RunStart {
  readonly id: string;
  readonly label: string;
  readonly config: RunConfig;
  /** Whether it holds before its first step. */
  readonly paused: boolean;
}

/**
 * What drives a run, in the worker or on the page that replays one. Every command about a run names it. Where that run is gone it
 * throws `E_RUN_GONE`, and no other run is touched.
 */
export interface RunControls {
  /**
   * Starts a run, which opens the model that it names, and ends the run before it. Answers when the run is accepted: how it goes on
   * is told by `opened` and `status`, also where its model cannot be opened.
   */
  start(run: RunStart): Awaitable<void>;
  /** Takes effect at the next boundary between steps. */
  pause(runId: string): Awaitable<void>;
  resume(runId: string): Awaitable<void>;
  /** One step of a paused run. */
  step(runId: string): Awaitable<void>;
  stop(runId: string): Awaitable<void>;
  /** Has the student read token by token before its next step: `inspections` follow. Throws `E_RUN_STATE` where the run is over. */
  inspect(runId: string): Awaitable<void>;
  /**
   * Puts a run that failed (device lost, numbers not finite) back to its last good weights, on a new device where the
   * old one is gone, and leaves it paused there: `status` events follow, steps after that point are reported again.
   * Throws `E_NOT_RECOVERABLE` where no weights are kept.
   */
  recover(runId: string): Awaitable<{ readonly step: number }>;
  setLive(runId: string, settings: LiveSettings): Awaitable<void>;
  /** Milliseconds between steps at the least, of this run and those to come: a pace for classes; 0 is full speed. */
  setPace(minimumStepMilliseconds: number): Awaitable<void>;
}

/** All that the worker does for the page. Every call answers within a deadline; long work reports through events. */
export interface LabCommands extends RunControls, ModelCommands {
  /** Events go to this callback (a Comlink proxy) from now on, in batches at most every 100 ms. */
  subscribe(listener: (events: readonly LabEvent[]) => unknown): Awaitable<void>;
  /**
   * Lets a kept run go on from its last whole checkpoint, as `start` does otherwise. Throws `E_CHECKPOINT_*`, what is gone that it
   * needs, or `E_RUN_GONE` where it was stopped or another was started while its files were read.
   */
  resumeKept(runId: string): Promise<ResumedRun>;
  /**
   * Leaves rows out of the crossed set, or takes them in again, for the rest of Cross-SFT; answers the rows that are out.
   * Throws `E_RUN_STATE` once the teacher has learnt from them.
   */
  setDropped(runId: string, rows: readonly number[]): Awaitable<{ readonly dropped: readonly number[] }>;
  /** The run so far, as one record. */
  record(runId: string): Awaitable<RunRecord>;
  /** The run's student as it was at the last checkpoint, as a zip of a folder. Throws `E_EXPORT_*`. */
  exportRun(runId: string, kind: ExportKind): Promise<ExportFile>;
  /** Calibrated teachers that are kept. */
  artefacts(): Awaitable<readonly Artefact[]>;
  /** The weights of one, as safetensors. */
  artefactFile(name: string): Awaitable<Uint8Array<ArrayBuffer>>;
  /** Takes in an ONNX model as a teacher that runs can name. Throws `E_TEACHER_*` where it does not fit the student. */
  addTeacher(student: StudentModel, files: TeacherFiles): Promise<{ readonly name: string }>;
  /** How the teacher of some settings reads a constitution: its text and tokens for each category, and words it does not know. */
  inspectConstitution(constitution: Constitution, reader: ConstitutionReader): Promise<ConstitutionReading>;
  /** For tests of fault handling: destroys the device as a driver crash would. */
  loseDevice(): Awaitable<void>;
  /** Answers at once: the worker is alive. */
  ping(): Awaitable<void>;
}

/** The worker's face to the page (Comlink). */
export type LabApi = Answered<LabCommands>;
