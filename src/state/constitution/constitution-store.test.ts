import { expect, it, vi } from 'vitest';
import type { LabClient } from '../../client/lab-client.ts';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { createConfigStore } from '../setup/config-store.ts';
import { createConstitutionActions, type LibraryEntry } from './constitution-store.ts';
import type { OwnConstitutions } from './own-constitutions.ts';

it('takes the document that was chosen last, whichever is fetched first', async () => {
  const config = createConfigStore(DEFAULT_CONFIG, false);
  const actions = createConstitutionActions(
    config,
    () => Promise.reject(new Error('nothing is imported')),
    () => ({}) as LabClient,
    {} as OwnConstitutions,
  );
  const arrivals = new Map<string, () => void>();
  const entry = (title: string): LibraryEntry => ({
    id: title,
    title,
    description: '',
    load: vi.fn<LibraryEntry['load']>(
      () =>
        new Promise(resolve =>
          arrivals.set(title, () =>
            resolve({ ok: true, value: { constitution: { title, clauses: [] }, notes: [] } }),
          ),
        ),
    ),
  });
  const slow = actions.choose(entry('slow'));
  const quick = actions.choose(entry('quick'));
  arrivals.get('quick')!();
  await quick;
  arrivals.get('slow')!();
  await slow;
  expect(config.store.getState().draft.constitution.title).toBe('quick');
  expect(actions.store.getState().imported).toContain('quick');
});
