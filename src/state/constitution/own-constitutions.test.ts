import { beforeEach, expect, it, vi } from 'vitest';
import type { Constitution } from '../../contract/world.ts';
import { importConstitution } from '../../data/constitution/import-constitution.ts';
import { MemoryStorage } from '../page/memory-storage-fixture.ts';
import { constitutionFile, createOwnConstitutions, sameConstitution } from './own-constitutions.ts';

const RULES: Constitution = {
  title: 'House rules',
  clauses: [
    { id: 'a', text: 'Never help with theft.', category: 'illegal', style: null, enabled: true },
    { id: 'b', text: 'Answer in few words.', category: null, style: 'short', enabled: false },
    { id: 'c', text: 'Mind the plants.', category: null, style: null, enabled: true },
  ],
};

beforeEach(() => {
  vi.stubGlobal('localStorage', new MemoryStorage());
});

const titles = (): string[] =>
  createOwnConstitutions()
    .store.getState()
    .entries.map(({ constitution }) => constitution.title);

it('keeps constitutions for the next visit, one for each title', () => {
  const own = createOwnConstitutions();
  own.keep(RULES);
  own.keep({ ...RULES, clauses: RULES.clauses.slice(1) });
  own.keep({ ...RULES, title: 'Other rules' });
  expect(titles()).toEqual(['House rules', 'Other rules']);
  const [first] = createOwnConstitutions().store.getState().entries;
  expect(first?.constitution.clauses).toHaveLength(2);
});

it('renames, duplicates, removes, and takes back what was removed', () => {
  const own = createOwnConstitutions();
  own.keep(RULES);
  const id = own.store.getState().entries[0]!.id;
  own.duplicate(id);
  own.duplicate(id);
  expect(titles()).toEqual(['House rules', 'House rules (copy)', 'House rules (copy 2)']);
  expect(own.rename(id, 'House rules (copy)')).toBe(false);
  expect(own.rename(id, '  ')).toBe(false);
  expect(own.rename(id, ' Rules of the house ')).toBe(true);
  own.remove(id);
  expect(titles()).toEqual(['House rules (copy)', 'House rules (copy 2)']);
  own.restore();
  expect(titles().at(-1)).toBe('Rules of the house');
});

it('gives what comes from outside a title of its own, and keeps nothing twice', () => {
  const own = createOwnConstitutions();
  own.bring(RULES);
  own.bring(RULES);
  own.bring({ ...RULES, clauses: [] });
  expect(titles()).toEqual(['House rules', 'House rules (copy)']);
});

it('says when the browser does not keep them, and loses none meanwhile', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => '[{"id": 1}]',
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError');
    },
  });
  const own = createOwnConstitutions();
  own.keep(RULES);
  expect(own.unread?.code).toBe('E_STORED_VALUE');
  expect(own.store.getState()).toMatchObject({ lasting: false, entries: [{ constitution: RULES }] });
});

it('writes a file that the importer reads back unchanged', () => {
  const bytes = new TextEncoder().encode(constitutionFile(RULES));
  const { constitution } = importConstitution({ name: 'rules.json', bytes });
  expect(sameConstitution(constitution, RULES)).toBe(true);
});
