import { useEffect, useMemo } from 'react';
import { diffConfigs } from '../../settings/differences.ts';
import { LIVE_FIELDS, liveSettings } from '../../settings/fields.ts';
import { isActive } from '../../state/run/run-store.ts';
import { normalizeConfig } from '../../settings/problems.ts';
import { useConfig, useCurrentRun, useLab } from '../shared/lab-context.ts';

const LIVE_DELAY_MS = 300;

/**
 * While a run goes on: hands live settings over as they change, and names the others with the offer to start again.
 */
export function ChangesBar() {
  const { config, controls } = useLab();
  const draft = useConfig(state => state.draft);
  const problems = useConfig(state => state.problems);
  const run = useCurrentRun();
  const live = run?.origin === 'live' && isActive(run) ? run : undefined;
  const running = live?.config;
  const differences = useMemo(
    () => (running ? diffConfigs(running, normalizeConfig(draft)) : []),
    [running, draft],
  );
  const structural = differences.filter(difference => !difference.live);

  useEffect(() => {
    const changed = differences.filter(difference => difference.live).map(({ path }) => path);
    const wrong = problems.some(problem => LIVE_FIELDS.some(({ path }) => path === problem.path));
    if (changed.length === 0 || wrong) return;
    const timer = setTimeout(() => controls.setLive(liveSettings(draft, changed)), LIVE_DELAY_MS);
    return () => clearTimeout(timer);
  }, [differences, draft, problems, controls]);

  if (!running || structural.length === 0) return null;
  return (
    <section className="changes" aria-label="Changes that need a restart">
      <p className="changes-head">
        {structural.length === 1 ? 'One change needs' : `${structural.length} changes need`} a new run:
      </p>
      <ul>
        {structural.map(({ path, label, before, after }) => (
          <li key={path}>
            {label}: <del>{before}</del> → <ins>{after}</ins>
          </li>
        ))}
      </ul>
      <div className="changes-actions">
        <button
          type="button"
          className="button button-primary"
          disabled={problems.length > 0}
          onClick={controls.restart}
        >
          Restart with changes
        </button>
        <button type="button" className="button" onClick={() => config.edit(() => running)}>
          Undo changes
        </button>
      </div>
    </section>
  );
}
