import { useConfig, useCurrentRun } from '../shared/lab-context.ts';

/** How far the run is, in steps, and what it is busy with. */
export function Progress() {
  const run = useCurrentRun();
  const planned = useConfig(state => state.draft.steps);
  const total = run?.config.steps ?? planned;
  const step = run?.step ?? 0;
  const state = run ? (run.asked === 'stop' ? 'stopping' : run.activity || run.status) : 'ready';
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
