import type { LabClient } from '../../client/lab-client.ts';
import { isActive, type RunEntry, type RunStore } from './run-store.ts';

/** Asks the worker to resume a kept run. A refusal changes nothing, and says why. */
export async function resumeRun(
  runs: RunStore,
  lab: Pick<LabClient, 'resumeKept'>,
  run: RunEntry,
): Promise<void> {
  const { store } = runs;
  const { id, kept, status, fault } = run;
  const before = runs.current();
  store.setState({ currentId: id, shownId: id, notice: null, rate: null });
  runs.patch(id, {
    status: 'preparing',
    activity: 'Reading the checkpoint',
    step: kept?.step ?? 0,
    fault: null,
    requested: null,
  });
  const outcome = await lab.resumeKept(id);
  const now = runs.entry(id);
  // It has ended meanwhile, with its own reason.
  if (!isActive(now)) return;
  if (!outcome.ok) {
    runs.patch(id, { status, fault, step: run.step, activity: '', requested: null });
    if (now?.requested !== 'stop') store.setState({ notice: outcome.fault });
    if (store.getState().currentId !== id) return;
    const goesOn = isActive(before ? runs.entry(before.id) : undefined);
    store.setState({ currentId: goesOn ? before!.id : status === 'failed' ? id : null });
    return;
  }
  const { step, skipped } = outcome.value;
  runs.data(id).apply({ type: 'rewound', step });
  runs.patch(id, { step, kept: { step, interrupted: false, unread: false } });
  if (skipped)
    store.setState({
      notice: {
        ...skipped,
        consequence: `The run resumes from the checkpoint before it, of step ${step}.`,
        nextStep: 'Nothing is to be done: the next checkpoint takes its place.',
      },
    });
}

/** Runs are numbered through, those that were kept included. */
export function nextNumber(runs: readonly RunEntry[]): number {
  return 1 + Math.max(0, ...runs.map(({ label }) => Number(/^(?:Run|Replay) (\d+)$/.exec(label)?.[1] ?? 0)));
}
