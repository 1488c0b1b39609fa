import type { RunEntry } from '../../state/run/run-store.ts';
import { useKeptRuns, useLab, useRuns } from '../shared/lab-context.ts';
import { ToggleGroup } from '../shared/toggle-group.tsx';

/** @param elsewhere another tab trains: what has not ended goes on there */
function badge({ origin, status, kept }: RunEntry, elsewhere: boolean): string {
  if (kept?.interrupted) return elsewhere ? 'in another tab' : 'interrupted';
  if (origin === 'recorded') return 'recorded';
  if (origin === 'replay') return 'replay';
  if (origin === 'opened') return 'opened';
  return status === 'running' || status === 'preparing' ? 'live' : status;
}

function RunName({ run, elsewhere }: { readonly run: RunEntry; readonly elsewhere: boolean }) {
  const words = badge(run, elsewhere);
  return (
    <>
      {run.label}
      <span className={`run-tab-badge run-tab-${words.replaceAll(' ', '-')}`}>{words}</span>
    </>
  );
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
    <ToggleGroup
      className="run-tabs"
      buttonClass="run-tab"
      label="Run shown"
      options={runs.map(run => [run.id, <RunName key={run.id} run={run} elsewhere={readOnly} />] as const)}
      value={shownId}
      onChoose={controls.show}
    >
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
    </ToggleGroup>
  );
}
