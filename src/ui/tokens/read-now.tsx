import { isActive, type RunEntry } from '../../state/run-store.ts';
import { useLab, useRuns } from '../shared/lab-context.ts';

/** Reads the student of the run that goes on between two evaluations. @param read the last step that was read */
export function ReadNow({ run, read }: { readonly run: RunEntry; readonly read: number }) {
  const { controls } = useLab();
  const current = useRuns(({ currentId }) => currentId === run.id);
  if (!current || run.origin !== 'live' || !isActive(run) || run.step <= read) return null;
  return (
    <button type="button" className="button" onClick={controls.inspect}>
      Read the student now
    </button>
  );
}
