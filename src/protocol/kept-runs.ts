import type { Fault } from '../contract/errors.ts';
import type { Answered } from '../contract/outcome.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { RunRecord } from '../record/run-record.ts';

/** How a kept run stood when it was last written. `going`: it had not ended, so it was interrupted unless a page still trains it. */
export type KeptStatus = 'going' | 'stopped' | 'finished' | 'failed';

/** What is known of a kept run without its figures. */
export interface KeptFacts {
  readonly id: string;
  readonly label: string;
  readonly status: KeptStatus;
  /** Steps that its record holds. */
  readonly step: number;
  /** The step after which it can go on; null where no weights are kept. */
  readonly resumableStep: number | null;
  readonly config: RunConfig;
  /** When it was written, in ISO 8601. */
  readonly savedAt: string;
  /** Of the base weights that it was trained on. */
  readonly weightsSha256: string;
}

export interface KeptRun extends KeptFacts {
  /** All that it takes in this browser’s storage. */
  readonly bytes: number;
}

export interface KeptList {
  /** Those of which something can be read, the one written last at the beginning. */
  readonly runs: readonly KeptRun[];
  /** Those of which nothing can be read. */
  readonly damaged: readonly { readonly id: string; readonly bytes: number; readonly fault: Fault }[];
  /** Of this browser’s storage for the site: what all of it takes, and what it may take. */
  readonly siteBytes: number;
  readonly quotaBytes: number;
}

/** Files of a run by their names. */
export type KeptFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** What was read, and why something newer was not. */
export interface ReadRun<T> {
  readonly value: T;
  readonly skipped: Fault | null;
}

/** Runs in this browser’s private folder. */
export interface RunStorage {
  list(): Promise<KeptList>;
  /** Writes a run anew beside what was written of it before; afterwards this and the last one are kept. */
  put(facts: KeptFacts, files: KeptFiles): Promise<void>;
  /**
   * The newest whole generation that `decode` takes.
   * @throws LabError `E_CHECKPOINT_*`, of the newest, where no generation is whole.
   */
  read<T>(
    id: string,
    names: readonly string[],
    decode: (facts: KeptFacts, files: KeptFiles) => T | Promise<T>,
  ): Promise<ReadRun<T>>;
  remove(id: string): Promise<void>;
}

/** What the thread does that looks after kept runs: it knows no model and no device. */
export interface KeptCommands {
  keptRuns(): Promise<KeptList>;
  /** The figures of one. */
  keptRecord(id: string): Promise<ReadRun<RunRecord>>;
  deleteKept(id: string): Promise<void>;
}
export type KeptApi = Answered<KeptCommands>;

/** A kept run that goes on. */
export interface ResumedRun {
  readonly step: number;
  /** Why it does not go on from the newest checkpoint. */
  readonly skipped: Fault | null;
}
