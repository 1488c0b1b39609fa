import { lazy, Suspense } from 'react';
import { exportRun } from '../export/export-run.ts';
import {
  useConstitutions,
  useCurrentRun,
  useKeptRuns,
  useLab,
  useLinks,
  useOpening,
  useRuns,
} from '../shared/lab-context.ts';
import { FaultCard } from './fault-card.tsx';

const LinkNotice = lazy(async () => ({ default: (await import('../share/link-notice.tsx')).LinkNotice }));
/** For later tabs and visits only, so loaded on demand. */
const InterruptedNotice = lazy(async () => ({
  default: (await import('../kept/interrupted-notice.tsx')).InterruptedNotice,
}));
const ReadOnlyNotice = lazy(async () => ({
  default: (await import('../kept/read-only-notice.tsx')).ReadOnlyNotice,
}));

/** Faults that the worker recovers from: it is alive, with the last good weights. */
const LOST_WORKER = new Set(['E_WORKER_CRASHED', 'E_WORKER_SILENT', 'E_WORKER_GONE']);

/** Why the current run failed, and the ways to continue. */
function RunFault() {
  const lab = useLab();
  const run = useCurrentRun();
  if (run?.status !== 'failed' || !run.fault) return null;
  const { fault, id } = run;
  const lostWorker = LOST_WORKER.has(fault.code);
  const begun = lab.runs.data(id).evals.length > 0;
  const keptStep = run.kept?.step ?? null;
  return (
    <FaultCard fault={fault}>
      {!lostWorker && begun && (
        <button type="button" className="button button-primary" onClick={lab.controls.recover}>
          Continue from the last good weights
        </button>
      )}
      {lostWorker && keptStep !== null && (
        <button type="button" className="button button-primary" onClick={() => void lab.keptRuns.resume(id)}>
          Resume from step {keptStep}
        </button>
      )}
      <button type="button" className="button" onClick={lab.controls.restart}>
        {lostWorker ? 'Restart worker and run again' : 'Run again from the start'}
      </button>
      {begun && (
        <button type="button" className="button" onClick={() => void exportRun(lab, id, 'json')}>
          Download what there is
        </button>
      )}
    </FaultCard>
  );
}

/** All open faults, above everything else. */
export function PageFaults({ constitutionOpen }: { readonly constitutionOpen: boolean }) {
  const { controls, constitutions, files } = useLab();
  const notice = useRuns(state => state.notice);
  const gpu = useRuns(state => state.gpu);
  const readOnly = useRuns(state => state.readOnly);
  const interrupted = useKeptRuns(state => state.interruptedId !== null);
  const refusals = useConstitutions(state => state.refusals);
  const unopened = useOpening(({ faults }) => faults);
  const linked = useLinks(({ taken, offered, fault }) => (taken ?? offered ?? fault) !== null);
  return (
    <div className="page-faults">
      {linked && (
        <Suspense>
          <LinkNotice />
        </Suspense>
      )}
      {gpu.kind === 'none' && <FaultCard fault={gpu.fault} tone="notice" />}
      <Suspense>{readOnly && <ReadOnlyNotice />}</Suspense>
      <RunFault />
      <Suspense>{interrupted && !readOnly && <InterruptedNotice />}</Suspense>
      {notice && <FaultCard fault={notice} onDismiss={controls.dismissNotice} />}
      {unopened.map((fault, index) => (
        <FaultCard
          key={`${fault.code} ${fault.file ?? ''} ${index}`}
          fault={fault}
          onDismiss={files.dismiss}
        />
      ))}
      {!constitutionOpen &&
        refusals.map((fault, index) => (
          <FaultCard
            key={`${fault.code} ${fault.file ?? index}`}
            fault={fault}
            onDismiss={constitutions.dismissRefusals}
          />
        ))}
    </div>
  );
}
