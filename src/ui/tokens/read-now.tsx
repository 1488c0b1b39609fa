import { isActive, type RunEntry } from '../../state/run/run-store.ts';
import { useLab, useRuns } from '../shared/lab-context.ts';

interface ReadNowProps {
  readonly run: RunEntry;
  /** The last step that was read. */
  readonly read: number;
  /** Shows what is read last. */
  onLast(): void;
}

/** Reads the student of the run that goes on between two evaluations. */
export function ReadNow({ run, read, onLast }: ReadNowProps) {
  const { controls } = useLab();
  const current = useRuns(({ currentId }) => currentId === run.id);
  if (!current || run.origin !== 'live' || !isActive(run)) return null;
  const isRead = run.step <= read;
  const readIt = (): void => {
    onLast();
    controls.inspect();
  };
  // It stays where it is when there is nothing to read, or the focus of whoever pressed it would be lost.
  return (
    <button type="button" className="button" aria-disabled={isRead} onClick={isRead ? undefined : readIt}>
      Read the student now
    </button>
  );
}
