import type { RunEntry } from '../../state/run-store.ts';
import { useLab, useRuns } from '../shared/lab-context.ts';

function badge({ origin, status }: RunEntry): string {
  if (origin === 'recorded') return 'recorded';
  if (origin === 'replay') return 'replay';
  if (origin === 'opened') return 'opened';
  return status === 'running' || status === 'preparing' ? 'live' : status;
}

/** Which run the charts and the samples show. */
export function RunTabs() {
  const { controls } = useLab();
  const runs = useRuns(state => state.runs);
  const shownId = useRuns(state => state.shownId);
  if (runs.length < 2) return null;
  return (
    <div className="run-tabs" role="group" aria-label="Run shown">
      {runs.map(run => (
        <button
          key={run.id}
          type="button"
          className="run-tab"
          aria-pressed={run.id === shownId}
          onClick={() => controls.show(run.id)}
        >
          {run.label}
          <span className={`run-tab-badge run-tab-${badge(run)}`}>{badge(run)}</span>
        </button>
      ))}
    </div>
  );
}
