import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LabClient } from '../client/lab-client.ts';
import type { Fault } from '../contract/errors.ts';
import type { ConstitutionReading, Outcome } from '../contract/lab-api.ts';
import type { Clause, Constitution } from '../contract/world.ts';
import type { ConfigStore } from './config-store.ts';

/** A constitution that can be chosen: one that ships with the page, or one that was brought here. */
export interface LibraryEntry {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly source: 'bundled' | 'imported';
  load(): Promise<Outcome<Constitution>>;
}

export interface ConstitutionState {
  readonly library: readonly LibraryEntry[];
  /** Refusals of the last import, one for each file. */
  readonly refusals: readonly Fault[];
  /** What the last import did, in words. */
  readonly imported: string;
  /** The document before the last import or choice, for undo. */
  readonly previous: Constitution | null;
  /** How the embedded model reads the document; of `readFor`, null while that is being asked. */
  readonly reading: Outcome<ConstitutionReading> | null;
  readonly readFor: Constitution | null;
}

/** A file's bytes, or pasted text, on its way through the importer. */
export interface Source {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface ConstitutionActions {
  readonly store: StoreApi<ConstitutionState>;
  /** Takes in files: the first good one becomes the document, all good ones join the library. */
  importSources(sources: readonly Source[]): Promise<void>;
  choose(entry: LibraryEntry): Promise<void>;
  undo(): void;
  edit(change: (document: Constitution) => Constitution): void;
  editClause(id: string, change: Partial<Clause>): void;
  addClause(): void;
  removeClause(id: string): void;
  /** Asks the worker how the model reads the document as it is now; keeps quiet where that is known. */
  inspect(): Promise<void>;
  dismissRefusals(): void;
}

/** Turns bytes into a constitution, or says why not. */
export type Importer = (source: Source) => Promise<Outcome<Constitution>>;

export function createConstitutionActions(
  config: ConfigStore,
  importer: Importer,
  client: () => LabClient,
): ConstitutionActions {
  const store = createStore<ConstitutionState>(() => ({
    library: [],
    refusals: [],
    imported: '',
    previous: null,
    reading: null,
    readFor: null,
  }));
  const current = (): Constitution => config.store.getState().draft.constitution;

  function put(constitution: Constitution): void {
    // The schema's arrays are mutable, the document's are not.
    const clauses = constitution.clauses.map(clause => ({ ...clause }));
    config.edit(draft => ({ ...draft, constitution: { title: constitution.title, clauses } }));
  }

  function replace(constitution: Constitution): void {
    store.setState({ previous: current() });
    put(constitution);
  }

  function edit(change: (document: Constitution) => Constitution): void {
    put(change(current()));
  }

  return {
    store,
    edit,
    async importSources(sources) {
      store.setState({ refusals: [], imported: '' });
      const outcomes = await Promise.all(sources.map(importer));
      const good = outcomes.flatMap((outcome, index) =>
        outcome.ok ? [{ document: outcome.value, name: sources[index]?.name ?? '' }] : [],
      );
      const entries = good.map(({ document, name }) => ({
        id: crypto.randomUUID(),
        title: document.title,
        description: name,
        source: 'imported' as const,
        load: async () => ({ ok: true as const, value: document }),
      }));
      const first = good[0];
      if (first) replace(first.document);
      store.setState(state => ({
        library: [...state.library, ...entries],
        refusals: outcomes.flatMap(outcome => (outcome.ok ? [] : [outcome.fault])),
        imported: first
          ? `“${first.document.title}” from ${first.name} is now the constitution${good.length > 1 ? `; ${good.length - 1} more joined the library` : ''}.`
          : '',
      }));
    },
    async choose(entry) {
      const outcome = await entry.load();
      if (outcome.ok) replace(outcome.value);
      store.setState({ refusals: outcome.ok ? [] : [outcome.fault], imported: '' });
    },
    undo() {
      const { previous } = store.getState();
      if (!previous) return;
      put(previous);
      store.setState({ previous: null, imported: '' });
    },
    editClause: (id, change) =>
      edit(document => ({
        ...document,
        clauses: document.clauses.map(clause => (clause.id === id ? { ...clause, ...change } : clause)),
      })),
    addClause: () =>
      edit(document => ({
        ...document,
        clauses: [
          ...document.clauses,
          { id: crypto.randomUUID(), text: '', category: null, style: null, enabled: true },
        ],
      })),
    removeClause: id =>
      edit(document => ({ ...document, clauses: document.clauses.filter(clause => clause.id !== id) })),
    async inspect() {
      const document = current();
      if (store.getState().readFor === document) return;
      store.setState({ readFor: document, reading: null });
      const reading = await client().inspectConstitution(document);
      if (store.getState().readFor === document) store.setState({ reading });
    },
    dismissRefusals: () => store.setState({ refusals: [] }),
  };
}
