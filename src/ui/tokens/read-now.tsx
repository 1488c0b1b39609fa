import { isActive, type RunEntry } from '../../state/run/run-store.ts';
import { useLab, useRuns } from '../shared/lab-context.ts';

interface ReadNowProps {
  readonly run: RunEntry;
  /** The last inspected step. */
  readonly read: number;
  /** Shows the latest inspection. */
  onLast(): void;
}

/** Inspects the student of the current run between two evaluations. */
export function ReadNow({ run, read, onLast }: ReadNowProps) {
  const { controls } = useLab();
  const current = useRuns(({ currentId }) => currentId === run.id);
  if (!current || run.origin !== 'live' || !isActive(run)) return null;
  const isRead = run.step <= read;
  const readIt = (): void => {
    onLast();
    controls.inspect();
  };
  // It stays in place when there is nothing to inspect, or the user would lose the focus.
  return (
    <button type="button" className="button" aria-disabled={isRead} onClick={isRead ? undefined : readIt}>
      Read the student now
    </button>
  );
}
