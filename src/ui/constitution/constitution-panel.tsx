import { lazy, Suspense, useEffect } from 'react';
import { Dialog } from '../shared/dialog.tsx';
import { useConfig, useConstitutions, useCurrentRun, useLab } from '../shared/lab-context.ts';
import { isActive } from '../../state/run/run-store.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { ChangesBar } from '../setup/changes-bar.tsx';
import { ClauseList } from './clause-list.tsx';
import './constitution.css';
import { ImportTools } from './import-tools.tsx';
import { RoutedPreview } from './routed-preview.tsx';

const OwnLibrary = lazy(async () => ({ default: (await import('./own-library.tsx')).OwnLibrary }));

/** The constitution as a document: bring it in, switch and edit its clauses, see what the teacher will read. */
export function ConstitutionPanel({ onClose }: { onClose(): void }) {
  const { constitutions } = useLab();
  const document = useConfig(state => state.draft.constitution);
  const { refusals, imported, notes, previous } = useConstitutions(state => state);
  const run = useCurrentRun();

  useEffect(() => {
    void constitutions.openLibrary(`${import.meta.env.BASE_URL}constitutions/`);
  }, [constitutions]);

  return (
    <Dialog title="Constitution" wide onClose={onClose}>
      <div className="constitution">
        <div className="constitution-intro">
          <p>
            The teacher is the same model with these rules before each query. The student never sees them; it
            learns them from the teacher’s preferences. Drop a file anywhere on the page to bring in your own.
          </p>
          <ImportTools />
          <Suspense>
            <OwnLibrary />
          </Suspense>
          {imported && (
            <div className="imported" role="status">
              <p>
                {imported}
                {notes.map(note => (
                  <span key={note}> {note}</span>
                ))}
              </p>
              {previous && (
                <button type="button" className="button button-quiet" onClick={constitutions.undo}>
                  Undo
                </button>
              )}
            </div>
          )}
          {refusals.map((fault, index) => (
            <FaultCard key={`${fault.code} ${fault.file ?? index}`} fault={fault} />
          ))}
          {isActive(run) && <ChangesBar />}
        </div>
        <section className="constitution-edit" aria-label="Clauses">
          <label className="constitution-title">
            <span>Title</span>
            <input
              className="input"
              value={document.title}
              maxLength={200}
              onChange={event => constitutions.edit(old => ({ ...old, title: event.target.value }))}
            />
          </label>
          <ClauseList />
        </section>
        <RoutedPreview />
      </div>
    </Dialog>
  );
}
