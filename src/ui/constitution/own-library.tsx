import { useState } from 'react';
import { fileName } from '../../record/tables.ts';
import { countOf } from '../../contract/format.ts';
import {
  constitutionFile,
  sameConstitution,
  type OwnConstitution,
} from '../../state/constitution/own-constitutions.ts';
import { useConfig, useLab, useOwnConstitutions } from '../shared/lab-context.ts';
import { saveFile } from '../shared/save-file.ts';
import './own-library.css';

/** A kept constitution: its title can be edited; Open puts it into the page. */
function OwnRow({ entry, opened }: { readonly entry: OwnConstitution; readonly opened: boolean }) {
  const { constitutions, ownConstitutions: own } = useLab();
  const { id, constitution } = entry;
  const { title, clauses } = constitution;
  const [typed, setTyped] = useState<string | null>(null);
  const [refused, setRefused] = useState(false);

  const rename = (): void => {
    setRefused(typed !== null && typed.trim() !== title && !own.rename(id, typed));
    setTyped(null);
  };
  const actions = [
    ['Open', () => constitutions.open(constitution)],
    ['Duplicate', () => own.duplicate(id)],
    [
      'Save as file',
      () =>
        saveFile(fileName(title, 'constitution', 'json'), 'application/json', constitutionFile(constitution)),
    ],
    ['Delete', () => own.remove(id)],
  ] as const;

  return (
    <li className="own-row">
      <input
        className="input"
        aria-label={`Name that “${title}” is kept under`}
        value={typed ?? title}
        maxLength={200}
        onChange={event => setTyped(event.target.value)}
        onBlur={rename}
        onKeyDown={event => {
          if (event.key === 'Enter') rename();
        }}
      />
      <span className="own-facts">
        {countOf(clauses.length, 'clause')}
        {opened && ', open'}
        {refused && <span role="alert"> · That name is blank or taken: it stays “{title}”.</span>}
      </span>
      <span className="own-actions">
        {actions.map(([label, act]) => (
          <button key={label} type="button" className="button button-quiet" onClick={act}>
            {label}
            <span className="visually-hidden"> “{title}”</span>
          </button>
        ))}
      </span>
    </li>
  );
}

/** The constitutions that are kept in this browser, and the way in for the one that is open. */
export function OwnLibrary() {
  const { ownConstitutions: own } = useLab();
  const { entries, removed, lasting } = useOwnConstitutions(state => state);
  const draft = useConfig(state => state.draft.constitution);
  const there = entries.find(({ constitution }) => constitution.title === draft.title);
  const kept = there !== undefined && sameConstitution(there.constitution, draft);
  return (
    <details className="own">
      <summary>
        Kept in this browser <span className="own-count">({entries.length})</span>
      </summary>
      <div className="own-keep">
        <button
          type="button"
          className="button"
          disabled={kept || draft.title.trim() === ''}
          onClick={() => own.keep(draft)}
        >
          {kept ? 'This one is kept' : there ? 'Keep the changes to this one' : 'Keep this one'}
        </button>
        {draft.title.trim() === '' && <span>It needs a title first.</span>}
        {removed && (
          <span>
            “{removed.constitution.title}” was deleted.{' '}
            <button type="button" className="button button-quiet" onClick={own.restore}>
              Undo
            </button>
          </span>
        )}
      </div>
      {!lasting && (
        <p role="alert">
          This browser does not keep them: its storage is full or forbidden. They last until the page is
          closed; save them as files.
        </p>
      )}
      <ul className="own-list">
        {entries.map(entry => (
          <OwnRow key={entry.id} entry={entry} opened={sameConstitution(entry.constitution, draft)} />
        ))}
      </ul>
      {entries.length === 0 && (
        <p className="own-none">None so far. What you import or paste is kept automatically.</p>
      )}
    </details>
  );
}
