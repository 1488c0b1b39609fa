import { FaultCard } from '../faults/fault-card.tsx';
import { useKeptRuns, useLab, useRuns } from '../shared/lab-context.ts';
import { ConfirmButton } from './confirm-button.tsx';

/** A run that was interrupted because its page closed or crashed, and the ways to continue. */
export function InterruptedNotice() {
  const { keptRuns } = useLab();
  const run = useKeptRuns(({ list, interruptedId }) => list?.runs.find(({ id }) => id === interruptedId));
  const busy = useKeptRuns(state => state.busy);
  const blocked = useRuns(({ readOnly, gpu }) => readOnly || gpu.kind === 'none');
  if (!run) return null;
  const { id, label, step, resumableStep, config } = run;
  const weights =
    resumableStep === null
      ? 'its weights were too large to keep.'
      : resumableStep === step
        ? 'so are its weights.'
        : `so are its weights after step ${resumableStep}.`;
  return (
    <FaultCard
      tone="notice"
      fault={{
        code: 'E_RUN_INTERRUPTED',
        message: `${label} was interrupted at step ${step} of ${config.steps}`,
        consequence: `Its figures are kept, and ${weights}`,
        nextStep: resumableStep === null ? 'Look at it, or delete it.' : 'Resume it, or delete it.',
      }}
    >
      {resumableStep !== null && (
        <button
          type="button"
          className="button button-primary"
          disabled={busy || blocked}
          onClick={() => void keptRuns.resume(id)}
        >
          Resume
        </button>
      )}
      <button type="button" className="button" disabled={busy} onClick={() => void keptRuns.show(id)}>
        Show
      </button>
      <ConfirmButton
        label="Delete"
        about={label}
        disabled={busy || blocked}
        onConfirm={() => void keptRuns.remove([id])}
      />
    </FaultCard>
  );
}
