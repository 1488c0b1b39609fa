import type { Fault } from '../contract/errors.ts';
import type { Answered } from '../contract/outcome.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { RunRecord } from '../record/run-record.ts';

/** A kept run's state when it was last written. `going`: it had not ended, so it was interrupted unless a page still trains it. */
export type KeptStatus = 'going' | 'stopped' | 'finished' | 'failed';

/** A kept run's summary, without its figures. */
export interface KeptFacts {
  readonly id: string;
  readonly label: string;
  readonly status: KeptStatus;
  /** Steps in its record. */
  readonly step: number;
  /** The step after which it can resume; null if no weights are kept. */
  readonly resumableStep: number | null;
  readonly config: RunConfig;
  /** When it was written, in ISO 8601. */
  readonly savedAt: string;
  /** Of the base weights that it was trained on. */
  readonly weightsSha256: string;
}

export interface KeptRun extends KeptFacts {
  /** Its bytes in this browser’s storage. */
  readonly bytes: number;
}

export interface KeptList {
  /** The readable ones, the latest first. */
  readonly runs: readonly KeptRun[];
  /** The unreadable ones. */
  readonly damaged: readonly { readonly id: string; readonly bytes: number; readonly fault: Fault }[];
  /** This browser’s storage for the site: bytes used, and the quota. */
  readonly siteBytes: number;
  readonly quotaBytes: number;
}

/** Files of a run by their names. */
export type KeptFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** What was read, and why anything newer was not. */
export interface ReadRun<T> {
  readonly value: T;
  readonly skipped: Fault | null;
}

/** Runs in this browser’s private folder. */
export interface RunStorage {
  list(): Promise<KeptList>;
  /** Writes a new generation of a run; afterwards this and the previous one are kept. */
  put(facts: KeptFacts, files: KeptFiles): Promise<void>;
  /**
   * The newest complete generation that `decode` accepts.
   * @throws LabError `E_CHECKPOINT_*`, of the newest, if no generation is complete.
   */
  read<T>(
    id: string,
    names: readonly string[],
    decode: (facts: KeptFacts, files: KeptFiles) => T | Promise<T>,
  ): Promise<ReadRun<T>>;
  remove(id: string): Promise<void>;
}

/** The thread that manages kept runs; it has neither model nor device. */
export interface KeptCommands {
  keptRuns(): Promise<KeptList>;
  /** The figures of one. */
  keptRecord(id: string): Promise<ReadRun<RunRecord>>;
  deleteKept(id: string): Promise<void>;
}
export type KeptApi = Answered<KeptCommands>;

/** A kept run that resumes. */
export interface ResumedRun {
  readonly step: number;
  /** Why it does not resume from the newest checkpoint. */
  readonly skipped: Fault | null;
}
