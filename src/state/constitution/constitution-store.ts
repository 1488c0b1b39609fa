import { createStore, type StoreApi } from 'zustand/vanilla';
import type { LabClient } from '../../client/lab-client.ts';
import type { Fault } from '../../contract/errors.ts';
import type { ConstitutionReader, ConstitutionReading } from '../../contract/constitution-reading.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import type { Clause, Constitution } from '../../contract/world.ts';
import { classifyClause } from '../../data/constitution/classify-clause.ts';
import type { ConfigStore } from '../setup/config-store.ts';
import { readFiles, type Imported, type Importer, type Source } from './constitution-importer.ts';
import { loadLibrary } from './constitution-library.ts';
import type { OwnConstitutions } from './own-constitutions.ts';

/** A constitution that ships with the page. */
export interface LibraryEntry {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  load(): Promise<Outcome<Imported>>;
}

export interface ConstitutionState {
  readonly library: readonly LibraryEntry[];
  /** Refusals of the last import, one for each file. */
  readonly refusals: readonly Fault[];
  /** What the last import did, in words, and what it put right on the way. */
  readonly imported: string;
  readonly notes: readonly string[];
  /** The document before the last import or choice, for undo. */
  readonly previous: Constitution | null;
  /** How the model of the settings reads the document; of `readFor`, null while that is being asked. */
  readonly reading: Outcome<ConstitutionReading> | null;
  readonly readFor: ReadingAsked | null;
}

/** A document, and whose reading of it is asked for. */
export interface ReadingAsked extends ConstitutionReader {
  readonly document: Constitution;
}

/** The question that settings put: how their model reads their constitution. */
export const readingAsked = ({ constitution, model, chat, teacherContext }: RunConfig): ReadingAsked => ({
  document: constitution,
  model,
  thinking: chat?.thinking ?? false,
  gold: teacherContext === 'constitution+gold',
});

/** What is known of a question: its answer, `asked` while that is under way, or null. */
export function readingOf(
  { reading, readFor }: Pick<ConstitutionState, 'reading' | 'readFor'>,
  asked: ReadingAsked,
): Outcome<ConstitutionReading> | 'asked' | null {
  const same =
    readFor?.document === asked.document &&
    readFor.model === asked.model &&
    readFor.thinking === asked.thinking &&
    readFor.gold === asked.gold;
  return same ? (reading ?? 'asked') : null;
}

export interface ConstitutionActions {
  readonly store: StoreApi<ConstitutionState>;
  /** Fetches the constitutions that ship with the page, once. */
  openLibrary(folder: string): Promise<void>;
  /** Takes in files: the first good one becomes the document, all good ones join those kept here. */
  importFiles(files: readonly File[]): Promise<void>;
  /** The same with pasted text. */
  importText(text: string): Promise<void>;
  choose(entry: LibraryEntry): Promise<void>;
  /** Takes up one of those kept here. */
  open(constitution: Constitution): void;
  undo(): void;
  edit(change: (document: Constitution) => Constitution): void;
  editClause(id: string, change: Partial<Clause>): void;
  addClause(): void;
  removeClause(id: string): void;
  /** Asks the worker how a model reads a document; keeps quiet where that is known or on its way. Answers to earlier questions are dropped. */
  inspect(asked: ReadingAsked): Promise<void>;
  dismissRefusals(): void;
}

/** A clause that was routed by its words is routed again when they change; a person's own choice stays. */
function rewritten(clause: Clause, change: Partial<Clause>): Clause {
  if (change.text === undefined) return { ...clause, ...change };
  const { category, style } = classifyClause(clause.text);
  const byWords = category === clause.category && style === clause.style;
  return { ...clause, ...change, ...(byWords && classifyClause(change.text)) };
}

export function createConstitutionActions(
  config: ConfigStore,
  importer: Importer,
  client: () => LabClient,
  own: OwnConstitutions,
): ConstitutionActions {
  const store = createStore<ConstitutionState>(() => ({
    library: [],
    refusals: [],
    imported: '',
    notes: [],
    previous: null,
    reading: null,
    readFor: null,
  }));
  let libraryAsked = false;
  /** Of two documents that are fetched only the one that was chosen last counts. */
  let choices = 0;
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

  async function importAll(sources: readonly Outcome<Source>[]): Promise<void> {
    store.setState({ refusals: [], imported: '', notes: [] });
    const outcomes = await Promise.all(
      sources.map(async source => {
        if (!source.ok) return source;
        const outcome = await importer(source.value);
        return outcome.ok ? { ok: true as const, name: source.value.name, value: outcome.value } : outcome;
      }),
    );
    const good = outcomes.flatMap(outcome => (outcome.ok ? [outcome] : []));
    const first = good[0];
    for (const { value } of good) own.bring(value.constitution);
    if (first) replace(first.value.constitution);
    const more = good.length > 1 ? ` ${good.length - 1} more joined those kept here.` : '';
    store.setState({
      refusals: outcomes.flatMap(outcome => (outcome.ok ? [] : [outcome.fault])),
      imported: first ? `“${first.value.constitution.title}” came from ${first.name}.${more}` : '',
      notes: first?.value.notes ?? [],
    });
  }

  return {
    store,
    edit,
    async openLibrary(folder) {
      if (libraryAsked) return;
      libraryAsked = true;
      const outcome = await loadLibrary(folder, importer);
      if (outcome.ok) store.setState(({ library }) => ({ library: [...outcome.value, ...library] }));
      else store.setState(({ refusals }) => ({ refusals: [...refusals, outcome.fault] }));
    },
    async importFiles(files) {
      await importAll(await readFiles(files));
    },
    async importText(text) {
      await importAll([
        { ok: true, value: { name: 'pasted text.md', bytes: new TextEncoder().encode(text) } },
      ]);
    },
    async choose(entry) {
      const mine = ++choices;
      const outcome = await entry.load();
      if (mine !== choices) return;
      if (outcome.ok) replace(outcome.value.constitution);
      store.setState({
        refusals: outcome.ok ? [] : [outcome.fault],
        imported: outcome.ok ? `“${entry.title}” came from the library.` : '',
        notes: outcome.ok ? outcome.value.notes : [],
      });
    },
    open(constitution) {
      replace(constitution);
      store.setState({
        refusals: [],
        notes: [],
        imported: `“${constitution.title}” came from those kept here.`,
      });
    },
    undo() {
      const { previous } = store.getState();
      if (!previous) return;
      put(previous);
      store.setState({ previous: null, imported: '', notes: [] });
    },
    editClause: (id, change) =>
      edit(document => ({
        ...document,
        clauses: document.clauses.map(clause => (clause.id === id ? rewritten(clause, change) : clause)),
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
    async inspect(asked) {
      const known = readingOf(store.getState(), asked);
      if (known === 'asked' || known?.ok) return;
      store.setState({ readFor: asked, reading: null });
      const { document, ...reader } = asked;
      const reading = await client().inspectConstitution(document, reader);
      if (store.getState().readFor === asked) store.setState({ reading });
    },
    dismissRefusals: () => store.setState({ refusals: [] }),
  };
}
