import type { RunEntry } from '../../state/run-store.ts';
import { useKeptRuns, useLab, useRuns } from '../shared/lab-context.ts';

/** @param elsewhere another tab trains: what has not ended goes on there */
function badge({ origin, status, kept }: RunEntry, elsewhere: boolean): string {
  if (kept?.interrupted) return elsewhere ? 'in another tab' : 'interrupted';
  if (origin === 'recorded') return 'recorded';
  if (origin === 'replay') return 'replay';
  if (origin === 'opened') return 'opened';
  return status === 'running' || status === 'preparing' ? 'live' : status;
}

/** Which run the charts and the samples show. */
export function RunTabs() {
  const { controls, page } = useLab();
  const anyKept = useKeptRuns(({ list }) => Boolean(list && list.runs.length + list.damaged.length > 0));
  const runs = useRuns(state => state.runs);
  const shownId = useRuns(state => state.shownId);
  const readOnly = useRuns(state => state.readOnly);
  const listed = anyKept || runs.some(({ kept }) => kept);
  if (runs.length < 2 && !listed) return null;
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
          <span className={`run-tab-badge run-tab-${badge(run, readOnly).replaceAll(' ', '-')}`}>
            {badge(run, readOnly)}
          </span>
        </button>
      ))}
      {listed && (
        <button
          type="button"
          className="button button-quiet run-tabs-kept"
          aria-haspopup="dialog"
          onClick={() => page.open('kept')}
        >
          Kept runs
        </button>
      )}
    </div>
  );
}
