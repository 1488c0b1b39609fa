import type { ConstitutionReader, ConstitutionReading } from '../contract/constitution-reading.ts';
import type { Fault } from '../contract/errors.ts';
import type { ModelApi, ModelEvent } from './model-api.ts';
import type { CalibrationConfig } from '../settings/method-config.ts';
import type { LiveSettings, RunConfig } from '../settings/run-config.ts';
import type { MeasuredEvent } from '../record/fold.ts';
import type { Receipt, RunRecord } from '../record/run-record.ts';
import type { ResumedRun } from './kept-runs.ts';
import type { Constitution } from '../contract/world.ts';

/** Where a run is. `stopped`, `finished` and `failed` are final. */
export type RunStatus = 'preparing' | 'running' | 'paused' | 'stopped' | 'finished' | 'failed';

/** What the worker can do, told once it has a device and a model. */
export interface LabInfo {
  readonly adapter: Receipt['adapter'];
  readonly software: boolean;
  readonly model: Receipt['model'] & {
    readonly vocabulary: number;
    readonly layers: number;
    readonly contextLength: number;
  };
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

/** Answer of every call: errors cross threads as plain data, because Comlink drops their fields. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };

/** The worker's face to the page (Comlink). All calls answer within a deadline; long work reports through events. */
export interface LabApi extends ModelApi {
  /** Events go to this callback (a Comlink proxy) from now on, in batches at most every 100 ms. */
  subscribe(listener: (events: readonly LabEvent[]) => void): Promise<Outcome<null>>;
  /** Opens the device and loads the model; the same answer when called again. */
  open(): Promise<Outcome<LabInfo>>;
  /** Starts a run, ending the one before it. Answers when the run is accepted, not when it is over. */
  start(runId: string, config: RunConfig, startPaused: boolean, label?: string): Promise<Outcome<null>>;
  /** Lets a kept run go on from its last whole checkpoint, as `start` does otherwise. Answers `E_CHECKPOINT_*`, or what is gone that it needs. */
  resumeKept(runId: string, startPaused: boolean): Promise<Outcome<ResumedRun>>;
  /** Takes effect at the next boundary between steps. */
  pause(): Promise<Outcome<null>>;
  resume(): Promise<Outcome<null>>;
  /** One step of a paused run. */
  step(): Promise<Outcome<null>>;
  /** Has the student read token by token before its next step: `inspections` follow. Answers `E_RUN_STATE` where the run is over. */
  inspect(): Promise<Outcome<null>>;
  stop(): Promise<Outcome<null>>;
  /**
   * Puts a run that failed (device lost, numbers not finite) back to its last good weights, on a new device where the
   * old one is gone, and leaves it paused there: `status` events follow, steps after that point are reported again.
   * Answers `E_NOT_RECOVERABLE` where no weights are kept.
   */
  recover(): Promise<Outcome<{ readonly step: number }>>;
  setLive(settings: LiveSettings): Promise<Outcome<null>>;
  /** Milliseconds between steps at the least: a pace for classes; 0 is full speed. */
  setPace(minimumStepMilliseconds: number): Promise<Outcome<null>>;
  /**
   * Leaves rows out of the crossed set, or takes them in again, for the rest of Cross-SFT; answers the rows that are out.
   * Answers `E_RUN_STATE` once the teacher has learnt from them.
   */
  setDropped(rows: readonly number[]): Promise<Outcome<{ readonly dropped: readonly number[] }>>;
  /** Calibrated teachers that are kept. */
  artefacts(): Promise<Outcome<readonly Artefact[]>>;
  /** The weights of one, as safetensors. */
  artefactFile(name: string): Promise<Outcome<Uint8Array<ArrayBuffer>>>;
  /** Takes in an ONNX model as a teacher that runs can name. Answers `E_TEACHER_*` where it does not fit the student. */
  addTeacher(files: TeacherFiles): Promise<Outcome<{ readonly name: string }>>;
  /** The run so far, as one record. */
  record(): Promise<Outcome<RunRecord>>;
  /** How the teacher of some settings reads a constitution: its text and tokens for each category, and words it does not know. */
  inspectConstitution(
    constitution: Constitution,
    reader: ConstitutionReader,
  ): Promise<Outcome<ConstitutionReading>>;
  /** For tests of fault handling: destroys the device as a driver crash would. */
  loseDevice(): Promise<Outcome<null>>;
  /** Answers at once: the worker is alive. */
  ping(): Promise<Outcome<null>>;
}
