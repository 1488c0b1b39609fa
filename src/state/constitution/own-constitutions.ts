import { z } from 'zod';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Fault } from '../../contract/errors.ts';
import { constitutionSchema } from '../../settings/run-config.ts';
import type { Constitution } from '../../contract/world.ts';
import { storedValue } from '../page/stored-value.ts';

export interface OwnConstitution {
  readonly id: string;
  readonly constitution: Constitution;
}

const entriesSchema = z
  .array(z.object({ id: z.string(), constitution: constitutionSchema }).readonly())
  .readonly();

const stored = storedValue<readonly OwnConstitution[]>({
  key: 'copsd-constitutions',
  version: 1,
  schema: entriesSchema,
  what: 'the constitutions that this browser keeps for you',
  consequence: 'The list of your own is empty; the constitutions of the page are all there.',
  nextStep: 'Import them again, or restore the text by hand.',
});

export interface OwnState {
  readonly entries: readonly OwnConstitution[];
  /** The last one removed, for undo. */
  readonly removed: OwnConstitution | null;
  /** Whether the browser keeps them for the next visit. */
  readonly lasting: boolean;
}

/** The user's constitutions, kept in this browser. Titles are unique. */
export interface OwnConstitutions {
  readonly store: StoreApi<OwnState>;
  /** Why those kept here could not be read. */
  readonly unread: Fault | null;
  /** Adds a constitution, in the place of the one of the same title where there is one. */
  keep(constitution: Constitution): void;
  /** Adds one from outside under a unique title: it never replaces another, and none is kept twice. */
  bring(constitution: Constitution): void;
  /** Renames an entry; a blank or taken title changes nothing. Returns whether it did. */
  rename(id: string, title: string): boolean;
  duplicate(id: string): void;
  remove(id: string): void;
  /** Restores what was removed last. */
  restore(): void;
}

export const sameConstitution = (a: Constitution, b: Constitution): boolean =>
  JSON.stringify([a.title, a.clauses]) === JSON.stringify([b.title, b.clauses]);

/** The constitution as a file that the importer reads back. */
export const constitutionFile = ({ title, clauses }: Constitution): string =>
  `${JSON.stringify({ title, clauses }, null, 2)}\n`;

/** The first of “title (copy)”, “title (copy 2)” … that no entry has. */
function freeTitle(title: string, entries: readonly OwnConstitution[]): string {
  const taken = new Set(entries.map(({ constitution }) => constitution.title));
  for (let copy = 1; ; copy += 1) {
    const name = `${title} (copy${copy > 1 ? ` ${copy}` : ''})`;
    if (!taken.has(name)) return name;
  }
}

export function createOwnConstitutions(): OwnConstitutions {
  const { value, fault: unread } = stored.read();
  const store = createStore<OwnState>(() => ({ entries: value ?? [], removed: null, lasting: true }));
  const entries = (): readonly OwnConstitution[] => store.getState().entries;

  function put(next: readonly OwnConstitution[], rest: Partial<OwnState> = {}): void {
    store.setState({ ...rest, entries: next, lasting: stored.write(next) });
  }
  function add(constitution: Constitution): void {
    put([...entries(), { id: crypto.randomUUID(), constitution }]);
  }
  function bring(constitution: Constitution): void {
    if (entries().some(entry => sameConstitution(entry.constitution, constitution))) return;
    const taken = entries().some(entry => entry.constitution.title === constitution.title);
    add(taken ? { ...constitution, title: freeTitle(constitution.title, entries()) } : constitution);
  }
  const find = (id: string): OwnConstitution | undefined => entries().find(entry => entry.id === id);

  return {
    store,
    unread,
    keep(constitution) {
      const there = entries().find(entry => entry.constitution.title === constitution.title);
      if (!there) return add(constitution);
      put(entries().map(entry => (entry === there ? { ...entry, constitution } : entry)));
    },
    bring,
    rename(id, title) {
      const name = title.trim();
      const taken = entries().some(entry => entry.id !== id && entry.constitution.title === name);
      if (name === '' || taken) return false;
      put(
        entries().map(entry =>
          entry.id === id ? { ...entry, constitution: { ...entry.constitution, title: name } } : entry,
        ),
      );
      return true;
    },
    duplicate(id) {
      const entry = find(id);
      if (!entry) return;
      add({ ...entry.constitution, title: freeTitle(entry.constitution.title, entries()) });
    },
    remove(id) {
      const entry = find(id);
      if (entry)
        put(
          entries().filter(other => other !== entry),
          { removed: entry },
        );
    },
    restore() {
      const { removed } = store.getState();
      if (!removed) return;
      store.setState({ removed: null });
      bring(removed.constitution);
    },
  };
}
