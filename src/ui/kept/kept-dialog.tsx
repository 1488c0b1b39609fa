import { useEffect } from 'react';
import { formatBytes } from '../../contract/format.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { useKeptRuns, useLab, useRuns } from '../shared/lab-context.ts';
import { ConfirmButton } from './confirm-button.tsx';
import './kept.css';
import { KeptRow } from './kept-row.tsx';

/** The runs kept in this browser: view, resume or delete them. */
export function KeptDialog({ onClose }: { onClose(): void }) {
  const { keptRuns } = useLab();
  const list = useKeptRuns(state => state.list);
  const busy = useKeptRuns(state => state.busy);
  const fault = useKeptRuns(state => state.fault);
  const readOnly = useRuns(state => state.readOnly);
  useEffect(() => void keptRuns.refresh(), [keptRuns]);
  const runs = list?.runs ?? [];
  const damaged = list?.damaged ?? [];
  const ids = [...runs, ...damaged].map(({ id }) => id);
  const bytes = [...runs, ...damaged].reduce((sum, run) => sum + run.bytes, 0);
  return (
    <Dialog title="Kept runs" wide onClose={onClose}>
      <div className="kept">
        <p className="field-note">
          Runs stay in this browser from their first checkpoint on; of one that has finished the figures stay.
          At most 20 are kept; the oldest that have finished go first.
        </p>
        {list && ids.length === 0 && <p>No run is kept.</p>}
        <ul className="kept-list">
          {runs.map(run => (
            <KeptRow key={run.id} run={run} onClose={onClose} />
          ))}
          {damaged.map(({ id, bytes: size, fault: why }) => (
            <li key={id} className="kept-row">
              <span className="kept-name">
                <strong>Damaged run</strong>
                <small>
                  {why.file}: {why.message} <code>{why.code}</code>
                </small>
                <small>
                  {formatBytes(size)}. {why.nextStep}
                </small>
              </span>
              <ConfirmButton
                label="Delete"
                about="the damaged run"
                disabled={busy || readOnly}
                onConfirm={() => void keptRuns.remove([id])}
              />
            </li>
          ))}
        </ul>
        {list && (
          <footer className="kept-foot">
            <p className="field-note">
              These runs take {formatBytes(bytes)}; the whole site {formatBytes(list.siteBytes)} of the{' '}
              {formatBytes(list.quotaBytes)} that this browser lets it keep.
            </p>
            {ids.length > 1 && (
              <ConfirmButton
                label="Delete all"
                about="all kept runs"
                disabled={busy || readOnly}
                onConfirm={() => void keptRuns.remove(ids)}
              />
            )}
          </footer>
        )}
        {fault && <FaultCard fault={fault} onDismiss={keptRuns.dismiss} />}
      </div>
    </Dialog>
  );
}
