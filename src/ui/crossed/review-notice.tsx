import { crossedPhase } from '../../state/crossed/crossed-view.ts';
import { useLab } from '../shared/lab-context.ts';
import { useRunFrame } from '../shared/use-run-frame.ts';

/** Above the charts while the run on show waits for review of its crossed set. */
export function ReviewNotice({ onLook }: { onLook(): void }) {
  const { controls } = useLab();
  const { run, data } = useRunFrame(true);
  if (crossedPhase(run, data) !== 'review') return null;
  return (
    <div className="review-notice">
      <p>
        The {data.crossed.rows.length} pairs of the crossed set are written. The run waits, so that you can
        read them and leave some out before the teacher learns.
      </p>
      <button type="button" className="button button-primary" onClick={onLook}>
        Look at the pairs
      </button>
      <button type="button" className="button" onClick={controls.runOrPause}>
        Continue
      </button>
    </div>
  );
}
