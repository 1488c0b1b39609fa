import { gpuAdapterName, countOf } from '../../contract/format.ts';
import type { RunEntry } from '../../state/run/run-store.ts';
import { objectiveLabel } from '../../settings/objectives.ts';
import { recipeLabel } from '../../settings/recipes.ts';
import { NewcomerHint } from '../lesson/newcomer-hint.tsx';
import { useLab, useLessonPlace, useRuns, useShownRun } from '../shared/lab-context.ts';

const STATES: Record<RunEntry['status'], string> = {
  preparing: 'Preparing',
  running: 'Live',
  paused: 'Paused',
  stopped: 'Stopped',
  finished: 'Finished',
  failed: 'Failed',
};

/** The day of an ISO date in the reader's words, or nothing where it is none. */
function day(iso: string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? '' : date.toLocaleDateString('en-GB', { dateStyle: 'medium' });
}

/** Says whether the charts show something recorded or something that is happening, and what. */
export function RunBanner() {
  const { runs } = useLab();
  const run = useShownRun();
  const gpu = useRuns(state => state.gpu);
  const readOnly = useRuns(state => state.readOnly);
  const bare = useLessonPlace(state => state.controlsHidden);
  if (!run) return <p className="banner">The recorded run is being fetched.</p>;
  const settings = `${recipeLabel(run.config.recipe)} · ${objectiveLabel(run.config.objective)} · ${countOf(run.config.steps, 'step')} · seed ${run.config.seed} · “${run.config.constitution.title}”`;
  if (run.origin === 'live') {
    const busy = run.status === 'running' || run.status === 'preparing';
    return (
      <p className="banner">
        <span className={busy ? 'badge badge-live' : 'badge'}>
          {!run.kept?.interrupted ? STATES[run.status] : readOnly ? 'In another tab' : 'Interrupted'}
        </span>
        <span>
          {run.label}, trained in this browser: {settings}
        </span>
        {run.activity && busy && <span className="banner-activity">{run.activity}</span>}
      </p>
    );
  }
  const receipt = runs.data(run.id).receipt;
  const when = receipt ? day(receipt.createdAt) : '';
  return (
    <>
      {run.origin === 'recorded' && (
        <p className="lead">
          A small model learns safety from itself: the teacher reads a constitution, the student never does.
          {gpu.kind !== 'none' && !bare && ' Press Run to train it here, live.'}
        </p>
      )}
      {run.origin === 'recorded' && <NewcomerHint />}
      <p className="banner">
        <span className="badge badge-recorded">
          {run.origin === 'replay'
            ? 'Replay of the recorded run'
            : run.origin === 'opened'
              ? 'Opened run'
              : 'Recorded run'}
        </span>
        <span>
          {settings}
          {receipt &&
            [' · trained', when && `on ${when}`, `on ${gpuAdapterName(receipt.adapter)}`]
              .filter(Boolean)
              .join(' ')}
        </span>
      </p>
    </>
  );
}
