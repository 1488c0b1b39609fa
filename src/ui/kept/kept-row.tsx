import type { KeptRun } from '../../protocol/kept-runs.ts';
import { formatBytes } from '../../contract/format.ts';
import { recipeLabel } from '../../settings/recipes.ts';
import { isActive } from '../../state/run/run-store.ts';
import { useKeptRuns, useLab, useRuns } from '../shared/lab-context.ts';
import { ConfirmButton } from './confirm-button.tsx';

const ENDS = { going: 'interrupted at', stopped: 'stopped at', finished: 'finished at', failed: 'failed at' };

/** A kept run and its actions. */
export function KeptRow({ run, onClose }: { readonly run: KeptRun; onClose(): void }) {
  const { keptRuns } = useLab();
  const busy = useKeptRuns(state => state.busy);
  const active = useRuns(({ runs }) => isActive(runs.find(({ id }) => id === run.id)));
  const blocked = useRuns(({ readOnly, gpu }) => readOnly || gpu.kind === 'none');
  const readOnly = useRuns(state => state.readOnly);
  const { id, label, status, step, resumableStep, config, savedAt, bytes } = run;
  const when = new Date(savedAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
  const end = active || (readOnly && status === 'going') ? 'running at' : ENDS[status];
  return (
    <li className="kept-row">
      <span className="kept-name">
        <strong>{label}</strong>
        <small>
          {recipeLabel(config.recipe)} · {config.model} · seed {config.seed} · {end} step {step} of{' '}
          {config.steps}
          {resumableStep !== null && !active && `, can resume from step ${resumableStep}`}
        </small>
        <small>
          {when} · {formatBytes(bytes)}
        </small>
      </span>
      {resumableStep !== null && !active && (
        <button
          type="button"
          className="button"
          disabled={busy || blocked}
          aria-label={`Resume: ${label}`}
          onClick={() => {
            onClose();
            void keptRuns.resume(id);
          }}
        >
          Resume
        </button>
      )}
      <button
        type="button"
        className="button"
        aria-label={`Show: ${label}`}
        onClick={() => {
          onClose();
          void keptRuns.show(id);
        }}
      >
        Show
      </button>
      <ConfirmButton
        label="Delete"
        about={label}
        disabled={busy || active || readOnly}
        onConfirm={() => void keptRuns.remove([id])}
      />
    </li>
  );
}
