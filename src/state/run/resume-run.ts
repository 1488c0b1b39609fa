import type { LabClient } from '../../client/lab-client.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import type { RunEntry, RunStore } from './run-store.ts';

interface Parts {
  readonly runs: RunStore;
  readonly lab: Pick<LabClient, 'open' | 'setPace' | 'resumeKept'>;
  note(outcome: Outcome<unknown>): void;
}

/** Asks the worker to let a kept run go on. A refusal leaves the run among the others as it was, and says why. */
export async function resumeRun({ runs, lab, note }: Parts, run: RunEntry): Promise<boolean> {
  const { store } = runs;
  const { id, kept } = run;
  store.setState({ currentId: id, shownId: id, notice: null, rate: null });
  const step = kept?.step ?? 0;
  const activity = 'Reading the checkpoint';
  runs.patch(id, { status: 'preparing', activity, step, fault: null, requested: null });
  note(await lab.setPace(store.getState().pace));
  const outcome = await lab.resumeKept(id, false);
  if (!outcome.ok) {
    const { status, fault } = run;
    runs.patch(id, { status, fault, step: run.step, activity: '' });
    store.setState(({ currentId }) => ({
      ...(currentId === id && status !== 'failed' && { currentId: null }),
      notice: outcome.fault,
    }));
    return false;
  }
  const { step: from, skipped } = outcome.value;
  runs.data(id).apply({ type: 'rewound', step: from });
  runs.patch(id, { step: from, kept: { step: from, interrupted: false, unread: false } });
  if (skipped)
    store.setState({
      notice: {
        ...skipped,
        consequence: `The run goes on from the checkpoint before it, of step ${from}.`,
        nextStep: 'Nothing is to be done: the next checkpoint takes its place.',
      },
    });
  // The device is opened by the run: this only asks what it is.
  const opened = await lab.open();
  if (opened.ok) store.setState({ info: opened.value });
  return true;
}

/** Runs are numbered through, those that were kept included. */
export function nextNumber(runs: readonly RunEntry[]): number {
  return 1 + Math.max(0, ...runs.map(({ label }) => Number(/^(?:Run|Replay) (\d+)$/.exec(label)?.[1] ?? 0)));
}
