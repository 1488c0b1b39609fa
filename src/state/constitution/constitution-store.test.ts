import { expect, it, vi } from 'vitest';
import type { LabClient } from '../../client/lab-client.ts';
import type { ConstitutionReading } from '../../contract/constitution-reading.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { createConfigStore } from '../setup/config-store.ts';
import {
  createConstitutionActions,
  readingAsked,
  readingOf,
  type LibraryEntry,
} from './constitution-store.ts';
import { createOwnConstitutions, type OwnConstitutions } from './own-constitutions.ts';

type Answer = (outcome: Outcome<ConstitutionReading>) => void;

function open() {
  const answers: Answer[] = [];
  const inspectConstitution = vi.fn<LabClient['inspectConstitution']>(
    () => new Promise(answer => answers.push(answer)),
  );
  const client = { inspectConstitution } as unknown as LabClient;
  const actions = createConstitutionActions(
    createConfigStore(DEFAULT_CONFIG, false),
    () => Promise.reject(new Error('nothing is imported')),
    () => client,
    createOwnConstitutions(),
  );
  return { actions, answers, inspectConstitution };
}

const reading = (tokens: number): Outcome<ConstitutionReading> => ({
  ok: true,
  value: { tokens, unknownWords: [], routed: {} as ConstitutionReading['routed'] },
});

it('asks the model of the settings, and drops an answer for earlier ones', async () => {
  const { actions, answers, inspectConstitution } = open();
  const before = readingAsked(DEFAULT_CONFIG);
  const after = readingAsked({ ...DEFAULT_CONFIG, model: 'own: chat', teacherContext: 'constitution+gold' });
  const first = actions.inspect(before);
  const second = actions.inspect(after);
  expect(inspectConstitution.mock.calls).toEqual([
    [DEFAULT_CONFIG.constitution, { model: DEFAULT_CONFIG.model, thinking: false, gold: false }],
    [DEFAULT_CONFIG.constitution, { model: 'own: chat', thinking: false, gold: true }],
  ]);
  answers[1]!(reading(20));
  answers[0]!(reading(10));
  await Promise.all([first, second]);
  expect(readingOf(actions.store.getState(), after)).toEqual(reading(20));
  expect(readingOf(actions.store.getState(), before)).toBeNull();
});

it('asks once for the same settings, and again where the answer was a fault', async () => {
  const { actions, answers, inspectConstitution } = open();
  const asked = readingAsked(DEFAULT_CONFIG);
  const first = actions.inspect(asked);
  await actions.inspect({ ...asked });
  expect(readingOf(actions.store.getState(), { ...asked })).toBe('asked');
  expect(inspectConstitution).toHaveBeenCalledTimes(1);
  answers[0]!({ ok: false, fault: { code: 'E_X', message: 'gone', consequence: 'none', nextStep: 'none' } });
  await first;
  void actions.inspect(asked);
  expect(inspectConstitution).toHaveBeenCalledTimes(2);
});

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
