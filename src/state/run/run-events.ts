import type { Fault } from '../../contract/errors.ts';
import type { LabEvent } from '../../protocol/lab-api.ts';
import type { StepRecord } from '../../record/run-record.ts';
import { countOf } from '../../contract/format.ts';
import type { RunData } from '../../record/run-data.ts';
import { type RunEntry, type RunRate, type RunStore, waitsForReview } from './run-store.ts';

/** Read-outs change at most four times a second. */
const FLUSH_MS = 250;
/** Steps over which the speed is averaged. */
const WINDOW = 8;

function milestone(run: RunEntry, data: RunData): string | null {
  const { label, config, step, status } = run;
  if (waitsForReview(run, data))
    return `${label} waits: the ${countOf(data.crossed.rows.length, 'pair')} of its crossed set can be reviewed.`;
  switch (status) {
    case 'running':
      return step === 0 ? `${label} started.` : `${label} resumes from step ${step}.`;
    case 'paused':
      return `${label} is paused at step ${step} of ${config.steps}.`;
    case 'finished':
      return `${label} finished after ${countOf(step, 'step')}.`;
    case 'stopped':
      return `${label} stopped at step ${step}.`;
    case 'failed':
      return `${label} failed at step ${step}.`;
    case 'preparing':
      return null;
  }
}

/** Speed of a run from the arrival of its steps: pauses are left out by `restart`. */
class Speedometer {
  #arrivals: { readonly at: number; readonly tokens: number; readonly seconds: number }[] = [];

  restart(): void {
    this.#arrivals = [];
  }

  step({ tokens, seconds }: StepRecord): void {
    if (tokens === null || seconds === null) return;
    this.#arrivals = [...this.#arrivals, { at: performance.now(), tokens, seconds }].slice(-WINDOW - 1);
  }

  rate(stepsLeft: number): RunRate | null {
    const first = this.#arrivals[0];
    const last = this.#arrivals.at(-1);
    if (!first || !last) return null;
    const sum = (key: 'tokens' | 'seconds'): number =>
      this.#arrivals.reduce((total, it) => total + it[key], 0);
    const intervals = this.#arrivals.length - 1;
    return {
      tokensPerSecond: sum('tokens') / Math.max(sum('seconds'), 1e-6),
      remainingSeconds: intervals > 0 ? ((last.at - first.at) / intervals / 1_000) * stepsLeft : null,
    };
  }
}

/**
 * Takes in what the worker or the replay reports: figures go to the run's data at once, statuses to the store at once, step counts and
 * speed at most every `FLUSH_MS`. Events of unknown runs are dropped.
 */
export function createEventSink(runs: RunStore) {
  const speed = new Speedometer();
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let step: { readonly id: string; readonly step: number } | null = null;

  function flush(): void {
    waiting = undefined;
    if (!step) return;
    const run = runs.entry(step.id);
    if (run) {
      runs.patch(run.id, { step: step.step });
      if (run.id === runs.store.getState().currentId)
        runs.store.setState({ rate: speed.rate(run.config.steps - step.step) });
    }
    step = null;
  }

  function status(event: Extract<LabEvent, { type: 'status' }>): void {
    flush();
    const before = runs.entry(event.runId);
    if (!before) return;
    const settled = event.status !== 'running' && event.status !== 'preparing';
    runs.patch(event.runId, {
      status: event.status,
      step: event.step,
      activity: event.activity,
      ...((settled || before.status !== event.status) && { requested: null }),
    });
    if (event.status !== before.status) speed.restart();
    const run = runs.entry(event.runId);
    if (!run) return;
    const said = event.status === before.status ? null : milestone(run, runs.data(run.id));
    if (said) runs.store.setState({ milestone: said });
  }

  function fault(event: Extract<LabEvent, { type: 'fault' }>): void {
    const run = event.runId === null ? undefined : runs.entry(event.runId);
    if (run) runs.patch(run.id, { fault: event.fault });
    else runs.store.setState({ notice: event.fault });
  }

  function kept({ runId, step: at, fault: refused }: Extract<LabEvent, { type: 'kept' }>): void {
    if (refused) runs.store.setState({ notice: refused });
    if (!refused || at !== null) runs.patch(runId, { kept: { step: at, interrupted: false, unread: false } });
  }

  function rewound(event: Extract<LabEvent, { type: 'rewound' }>): void {
    const run = runs.entry(event.runId);
    if (!run) return;
    // A count that waits to be shown is of a step that is taken again.
    step = null;
    runs.patch(run.id, { step: event.step });
    runs.store.setState({
      notice: event.fault,
      milestone: `${run.label} lost the GPU and resumed by itself from step ${event.step}.`,
    });
  }

  function take(event: LabEvent): void {
    if (event.runId !== null && runs.entry(event.runId)) runs.data(event.runId).apply(event);
    if (event.type === 'status') status(event);
    else if (event.type === 'opened') runs.store.setState({ info: event.info });
    else if (event.type === 'fault') fault(event);
    else if (event.type === 'kept') kept(event);
    else if (event.type === 'rewound') rewound(event);
    else if (event.type === 'download') runs.store.setState({ download: event });
    else if (event.type === 'calibration') {
      const run = runs.entry(event.runId);
      if (run)
        runs.store.setState(({ calibrations }) => ({
          milestone: `${run.label}: the teacher is calibrated.`,
          calibrations: calibrations + (run.origin === 'live' ? 1 : 0),
        }));
    } else if (event.type === 'memory')
      runs.store.setState({ memory: { gpuBytes: event.gpuBytes, peakGpuBytes: event.peakGpuBytes } });
    else if (event.type === 'step' && runs.entry(event.runId)) {
      // A step that a run had in hand when another took its place says nothing about the speed of that one.
      if (event.runId === runs.store.getState().currentId) speed.step(event.record);
      step = { id: event.runId, step: event.record.step };
      waiting ??= setTimeout(flush, FLUSH_MS);
    }
  }

  return (events: readonly LabEvent[]): void => {
    for (const event of events)
      try {
        take(event);
      } catch (error) {
        // An error with one event does not keep the page from the others.
        runs.store.setState({ notice: notTakenIn(event, error) });
      }
  };
}

const notTakenIn = (event: LabEvent, error: unknown): Fault => ({
  code: 'E_PAGE_EVENT',
  message: `the page failed at a “${event.type}” event: ${error instanceof Error ? error.message : String(error)}`,
  consequence: 'The run continues; what this event reported may be missing on the page.',
  nextStep: 'Export the run and reload the page; please report it with this message.',
});
