import { z } from 'zod';
import { constitutionSchema } from '../contract/run-config.ts';
import type { Imported } from './constitution-importer.ts';
import type { LibraryEntry } from './constitution-store.ts';
import { storedValue } from './stored-value.ts';

/** Documents of the library that were brought here; the latest stay. */
const MOST = 20;

const entrySchema = z.strictObject({
  id: z.string().max(64),
  title: z.string().max(200),
  description: z.string().max(400),
  constitution: constitutionSchema,
  notes: z.array(z.string()).max(200),
});
type StoredEntry = z.infer<typeof entrySchema>;

const stored = storedValue<StoredEntry[]>({
  ...{ key: 'copsd-lab.constitutions', version: 1, schema: z.array(entrySchema).max(MOST) },
  what: 'the constitutions that you had imported',
});

/** What was imported on earlier visits, as entries of the library. */
export function importedBefore(): ReturnType<typeof stored.read> & {
  readonly entries: readonly LibraryEntry[];
} {
  const found = stored.read();
  const entries = (found.value ?? []).map(
    ({ id, title, description, constitution, notes }): LibraryEntry => ({
      ...{ id, title, description, source: 'imported' },
      load: () => Promise.resolve({ ok: true, value: { constitution, notes } }),
    }),
  );
  return { ...found, entries };
}

type Added = Pick<LibraryEntry, 'id' | 'title' | 'description'> & Imported;

/** Keeps what was imported for the next visit. */
export function keepImported(added: readonly Added[]): void {
  const fit = added.flatMap(entry => {
    const checked = entrySchema.safeParse(entry);
    return checked.success ? [checked.data] : [];
  });
  if (fit.length > 0) stored.write([...(stored.read().value ?? []), ...fit].slice(-MOST));
}
