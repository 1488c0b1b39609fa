import { createStore, type StoreApi } from 'zustand/vanilla';
import type { GpuSupport } from '../../client/gpu-support.ts';
import type { Fault } from '../../contract/errors.ts';
import type { LabInfo, RunStatus } from '../../protocol/lab-api.ts';
import type { ModelEvent } from '../../protocol/model-api.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import { RunData } from '../../record/run-data.ts';

export type RunOrigin = 'recorded' | 'live' | 'replay' | 'opened';

/** A run's facts; its figures are in `RunData`. */
export interface RunEntry {
  readonly id: string;
  readonly label: string;
  readonly origin: RunOrigin;
  /** As it runs now: live changes are written back here. */
  readonly config: RunConfig;
  readonly status: RunStatus;
  readonly step: number;
  readonly activity: string;
  readonly fault: Fault | null;
  /** Asked for, and taking effect at the next boundary between steps. */
  readonly requested: 'pause' | 'stop' | null;
  /** Where it is kept; absent if it is not. */
  readonly kept?: KeptEntry;
}

/** What survives a reload. */
export interface KeptEntry {
  /** The step after which it can go on; null where only its figures are kept. */
  readonly step: number | null;
  /** The page that trained it was closed before it had ended. */
  readonly interrupted: boolean;
  /** Its figures are still to be read. */
  readonly unread: boolean;
}

/** Speed of the run in progress, averaged over its last steps. */
export interface RunRate {
  readonly tokensPerSecond: number;
  readonly remainingSeconds: number | null;
}

export interface RunState {
  readonly runs: readonly RunEntry[];
  /** Drawn in the charts. */
  readonly shownId: string | null;
  /** What the controls act on: the latest run, until it is reset. */
  readonly currentId: string | null;
  readonly gpu: GpuSupport;
  readonly info: LabInfo | null;
  readonly memory: { readonly gpuBytes: number; readonly peakGpuBytes: number } | null;
  readonly rate: RunRate | null;
  /** Progress of a model's download, or how the last one ended. */
  readonly download: ModelEvent | null;
  /** How often a run of this browser has had its teacher calibrated. */
  readonly calibrations: number;
  /** Milliseconds between steps at the least. */
  readonly pace: number;
  /** Another tab trains and writes: this one only watches. */
  readonly readOnly: boolean;
  /** A failure outside any run. */
  readonly notice: Fault | null;
  /** The latest milestone, for screen readers. */
  readonly milestone: string;
}

export const RECORDED_ID = 'recorded';
/** Runs kept beside the recorded one, of those made here and of those that came as files; the oldest goes first. */
export const KEPT_RUNS = 4;

/** Runs as the page knows them: small facts in a store, figures beside it. */
export interface RunStore {
  readonly store: StoreApi<RunState>;
  data(id: string): RunData;
  add(entry: RunEntry, data: RunData): void;
  patch(id: string, change: Partial<RunEntry>): void;
  /** Replaces an entry and its figures. */
  put(entry: RunEntry, data: RunData): void;
  /** Removes a run from the page. */
  drop(id: string): void;
  entry(id: string | null): RunEntry | undefined;
  current(): RunEntry | undefined;
}

export function createRunStore(): RunStore {
  const figures = new Map<string, RunData>();
  const nothing = new RunData();
  const store = createStore<RunState>(() => ({
    runs: [],
    shownId: null,
    currentId: null,
    gpu: { kind: 'unknown' },
    info: null,
    memory: null,
    rate: null,
    download: null,
    calibrations: 0,
    pace: 0,
    readOnly: false,
    notice: null,
    milestone: '',
  }));
  const entry = (id: string | null): RunEntry | undefined => store.getState().runs.find(run => run.id === id);

  return {
    store,
    data: id => figures.get(id) ?? nothing,
    entry,
    current: () => entry(store.getState().currentId),
    add(added, data) {
      figures.set(added.id, data);
      store.setState(({ runs }) => {
        const others = runs.filter(run => run.id !== added.id);
        const recorded = [...others, added].filter(run => run.id === RECORDED_ID);
        const rest = [...others, added].filter(run => run.id !== RECORDED_ID);
        const isFile = ({ origin }: RunEntry): boolean => origin === 'opened' || origin === 'recorded';
        // A run of a file pushes none out that was made here, and none does that still trains.
        const [files, own] = [rest.filter(isFile), rest.filter(run => !isFile(run))];
        const kept = [files.slice(-KEPT_RUNS), own.slice(-KEPT_RUNS), own.filter(isActive)].flat();
        for (const run of rest) if (!kept.includes(run)) figures.delete(run.id);
        return { runs: [...recorded, ...rest.filter(run => kept.includes(run))] };
      });
    },
    put(changed, data) {
      figures.set(changed.id, data);
      store.setState(({ runs }) => ({ runs: runs.map(run => (run.id === changed.id ? changed : run)) }));
    },
    drop(id) {
      figures.delete(id);
      store.setState(({ runs, shownId, currentId }) => ({
        runs: runs.filter(run => run.id !== id),
        shownId: shownId === id ? RECORDED_ID : shownId,
        currentId: currentId === id ? null : currentId,
      }));
    },
    patch(id, change) {
      store.setState(({ runs }) => ({
        runs: runs.map(run => (run.id === id ? { ...run, ...change } : run)),
      }));
    },
  };
}

/** A run that the controls can still act on. */
export function isActive(run: RunEntry | undefined): boolean {
  return run?.status === 'preparing' || run?.status === 'running' || run?.status === 'paused';
}

/** Whether rows can still be left out: a run in this browser whose teacher has not learnt from them yet. */
export function canDrop(run: RunEntry | undefined, data: RunData): boolean {
  return run?.origin === 'live' && isActive(run) && data.calibration === null && data.crossed.rows.length > 0;
}

/** Whether the run waits for someone to look at its crossed set. */
export function waitsForReview(run: RunEntry | undefined, data: RunData): boolean {
  return (
    canDrop(run, data) &&
    run?.status === 'paused' &&
    run.config.calibration?.review === true &&
    data.crossed.steps.length === 0
  );
}
