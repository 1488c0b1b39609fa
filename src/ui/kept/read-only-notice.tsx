import { isActive } from '../../state/run/run-store.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { useCurrentRun, useLab, useRuns } from '../shared/lab-context.ts';

const FAULT = {
  code: 'E_TAB_READ_ONLY',
  message: 'this page is open in another tab, which trains and keeps runs',
  consequence: 'Here runs can be viewed, compared and replayed; Run is off.',
  nextStep: 'Take over, or close the other tab: this one then takes over automatically.',
} as const;

/** Why this tab does not train, and how to take over. */
export function ReadOnlyNotice() {
  const { controls, writer } = useLab();
  const readOnly = useRuns(state => state.readOnly);
  const recorded = useRuns(state => state.runs.some(({ origin }) => origin === 'recorded'));
  const active = isActive(useCurrentRun());
  if (!readOnly) return null;
  return (
    <FaultCard tone="notice" fault={FAULT}>
      <button type="button" className="button button-primary" onClick={writer.takeOver}>
        Take over
      </button>
      {recorded && !active && (
        <button type="button" className="button" onClick={controls.replay}>
          Replay the recorded run
        </button>
      )}
    </FaultCard>
  );
}
