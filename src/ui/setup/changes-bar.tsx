import { useEffect, useMemo } from 'react';
import { diffConfigs } from '../../settings/config-diff.ts';
import { LEARNING_RATE, TEMPERATURE } from '../../settings/number-fields.ts';
import { isActive } from '../../state/run/run-store.ts';
import { normalizeConfig } from '../../settings/validation.ts';
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
    const changed = differences.filter(difference => difference.live);
    const wrong = problems.some(({ path }) => path === LEARNING_RATE.path || path === TEMPERATURE.path);
    if (changed.length === 0 || wrong) return;
    const has = (path: string): boolean => changed.some(difference => difference.path === path);
    const timer = setTimeout(
      () =>
        controls.setLive({
          ...(has(LEARNING_RATE.path) && { learningRate: LEARNING_RATE.get(draft) }),
          ...(has(TEMPERATURE.path) && { temperature: TEMPERATURE.get(draft) }),
        }),
      LIVE_DELAY_MS,
    );
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
