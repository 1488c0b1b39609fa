import type { KeptStatus } from '../protocol/kept-runs.ts';
import type { RunStart, RunStatus } from '../protocol/lab-api.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import type { StoredRun } from '../run/checkpoint-file.ts';
import type { KeepRequest } from './run-saver.ts';
import { RunData } from '../record/run-data.ts';
import type { LiveControls } from '../run/session.ts';

/** A run under way: what it is, where it is, and what its next step waits for. */
export interface Run {
  readonly id: string;
  readonly label: string;
  readonly config: RunConfig;
  readonly live: LiveControls;
  readonly recorder: RunData;
  status: RunStatus;
  /** What the person wants; shows in the status once the run is under way. */
  paused: boolean;
  step: number;
  /** Steps that have begun: a change of live settings counts from the next. */
  begun: number;
  /** Whether the teacher has learnt from the crossed set. */
  calibrated: boolean;
  activity: string;
  checkpoint: Checkpoint | undefined;
  /** Takes a checkpoint between steps. */
  take: (() => Promise<Checkpoint | null>) | undefined;
  /** When the last checkpoint was taken, in milliseconds. */
  takenAt: number;
  /** Whether it has come back from a lost device by itself. */
  retried: boolean;
  /** Whether the student is to be read token by token at the next boundary. */
  inspectRequested: boolean;
  /** Steps that may be taken though the run is paused. */
  allowance: number;
  /** Ends the wait of a paused or paced run. */
  wake: () => void;
}

export const FINAL: ReadonlySet<RunStatus> = new Set(['stopped', 'finished', 'failed']);

/** A run at its beginning, or where `stored` says that it was. */
export function beginRun({ id, label, config, paused }: RunStart, stored?: StoredRun): Run {
  const step = stored?.checkpoint.step ?? 0;
  const recorder = stored ? RunData.fromRecord(stored.record) : new RunData();
  recorder.apply({ type: 'rewound', step });
  return {
    id,
    label,
    config,
    paused,
    recorder,
    step,
    live: stored?.live ?? { changes: [], dropped: new Set() },
    begun: step,
    calibrated: Boolean(stored?.checkpoint.calibrated),
    status: 'preparing',
    activity: 'Preparing',
    checkpoint: stored?.checkpoint,
    take: undefined,
    takenAt: performance.now(),
    retried: false,
    inspectRequested: false,
    allowance: 0,
    wake: () => undefined,
  };
}

/** Puts what is recorded of a run back to its checkpoint. */
export function rewind(run: Run, { step }: Checkpoint): void {
  run.recorder.apply({ type: 'rewound', step });
  Object.assign(run, { step, begun: step, take: undefined, takenAt: performance.now() });
}

/** The run as it is now, while it goes on changing; undefined before there is anything to keep. */
export function keepRequest(run: Run, status: KeptStatus): KeepRequest | undefined {
  const { id, label, config, live, recorder, checkpoint } = run;
  const record = recorder.toRecord();
  if (!record || !checkpoint) return undefined;
  return {
    facts: { id, label, config, status },
    record,
    live: { ...live, changes: [...live.changes], dropped: new Set(live.dropped) },
    checkpoint: status === 'finished' ? null : checkpoint,
  };
}

/** How often a run that keeps to a pace looks at the clock. */
const PACE_LOOK_MS = 20;

/** Waits while `held`, looking again whenever something changes. */
export const waitWhile = (run: Run, held: () => boolean): Promise<void> => wait(run, held);

/** Waits for a time in milliseconds, which may change meanwhile. */
export const waitUntil = (run: Run, time: () => number): Promise<void> =>
  wait(run, () => performance.now() < time(), PACE_LOOK_MS);

async function wait(run: Run, held: () => boolean, lookMs?: number): Promise<void> {
  while (held() && !FINAL.has(run.status)) {
    await new Promise<void>(resolve => {
      const timer = lookMs === undefined ? undefined : setTimeout(resolve, lookMs);
      run.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
