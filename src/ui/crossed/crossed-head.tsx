import type { RunData } from '../../record/run-data.ts';
import type { RunEntry } from '../../state/run/run-store.ts';
import { crossedPhase } from '../../state/crossed/crossed-view.ts';
import { countOf } from '../../contract/format.ts';
import { useLab } from '../shared/lab-context.ts';

interface CrossedHeadProps {
  readonly run: RunEntry;
  readonly data: RunData;
}

function status({ run, data }: CrossedHeadProps): string {
  const { rows, dropped, steps } = data.crossed;
  const pairs = run.config.calibration?.pairs ?? rows.length;
  const omitted = data.calibration?.omittedRows ?? 0;
  const learnt = countOf(rows.length + omitted - dropped.size, 'pair');
  const last = steps.at(-1);
  switch (crossedPhase(run, data)) {
    case 'writing':
      return `The pairs are being written: ${rows.length} of ${pairs}.`;
    case 'review':
      return `All ${rows.length} pairs are written, and the run waits. Leave out what the teacher should not learn, then continue.`;
    case 'tuning':
      return `The teacher learns from ${learnt}: step ${last?.step ?? 0} of ${last?.of ?? 0}.`;
    case 'done':
      return data.calibration?.reused
        ? `The teacher of an earlier run with the same settings was taken; it had learnt from ${learnt}.`
        : `The teacher learnt from ${learnt}.`;
    case 'ended':
      return 'The run ended before its teacher was calibrated.';
  }
}

/** What Cross-SFT is, its progress, and the available actions. */
export function CrossedHead({ run, data }: CrossedHeadProps) {
  const { controls } = useLab();
  const phase = crossedPhase(run, data);
  const pairs = run.config.calibration?.pairs;
  // A run of this browser has its teacher in the list of those that are kept.
  const artefact = run.origin === 'live' ? null : data.calibration?.artefact;
  return (
    <div className="crossed-head">
      <p className="crossed-lead">
        Before the student learns, its teacher does: with the constitution in its context it fine-tunes on the
        model’s own answers to harmless queries, so that it stays itself, and on the frontier’s safe, rich
        answers to harmful ones.
      </p>
      <p className={phase === 'review' ? 'crossed-status crossed-waits' : 'crossed-status'}>
        <span>{status({ run, data })}</span>
        {phase === 'review' && (
          <button type="button" className="button button-primary" onClick={controls.runOrPause}>
            Continue
          </button>
        )}
      </p>
      {phase === 'writing' && (
        <progress
          className="crossed-progress"
          aria-label="Pairs written"
          value={data.crossed.rows.length}
          max={pairs ?? 1}
        />
      )}
      {artefact && (
        <p className="crossed-artefact">
          Calibrated teacher: <code>{artefact}</code>
        </p>
      )}
    </div>
  );
}
