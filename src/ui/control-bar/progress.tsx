import type { RunEntry } from '../../state/run/run-store.ts';
import { useConfig, useCurrentRun } from '../shared/lab-context.ts';

/** What a run is busy with, in words. A paused run between steps does nothing; before its first it may still prepare. */
function doing({ status, activity, requested }: RunEntry): string {
  if (requested === 'stop') return 'stopping';
  if (requested === 'pause') return 'pausing';
  if (status === 'running' || status === 'preparing') return activity || status;
  return status === 'paused' && activity !== 'Training' && activity !== '' ? activity : status;
}

/** How far the run is, in steps, and what it is busy with. */
export function Progress() {
  const run = useCurrentRun();
  const planned = useConfig(state => state.draft.steps);
  const total = run?.config.steps ?? planned;
  const step = run?.step ?? 0;
  const state = run ? doing(run) : 'ready';
  return (
    <div className="progress">
      <p className="progress-text">
        <span className="progress-step">
          step <strong>{step}</strong> of {Number.isFinite(total) ? total : '–'}
        </span>
        <span className="progress-state">{state}</span>
      </p>
      <progress aria-label="Steps done" value={step} max={total > 0 ? total : 1} />
    </div>
  );
}
