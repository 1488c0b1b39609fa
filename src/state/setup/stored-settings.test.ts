import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { createLab, type Lab } from '../lab.ts';
import { MemoryStorage } from '../page/memory-storage-fixture.ts';

const KEY = 'copsd-lab.settings';
const open = (query = ''): Lab => createLab({ query });

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('localStorage', new MemoryStorage());
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function edit(lab: Lab, seed: number): void {
  lab.config.edit(draft => ({ ...draft, seed }));
  vi.advanceTimersByTime(1_000);
}

describe('settings', () => {
  it('outlive the page with their constitution; the recorded run does not replace them', () => {
    const first = open();
    first.config.edit(draft => ({ ...draft, constitution: { title: 'Mine', clauses: [] } }));
    edit(first, 5);
    const second = open();
    second.config.adopt({ ...DEFAULT_CONFIG, seed: 9 });
    expect(second.config.store.getState().draft).toMatchObject({ seed: 5, constitution: { title: 'Mine' } });
  });

  it('of a link come first', () => {
    edit(open(), 5);
    expect(open('?seed=7').config.store.getState().draft.seed).toBe(7);
  });

  it('that cannot be run are not kept', () => {
    const lab = open();
    edit(lab, 5);
    edit(lab, -1);
    expect(open().config.store.getState().draft.seed).toBe(5);
  });

  it('are reset to those of a first visit, and can be taken back', () => {
    const lab = open();
    lab.config.adopt({ ...DEFAULT_CONFIG, seed: 9 });
    edit(lab, 5);
    lab.config.reset();
    vi.advanceTimersByTime(1_000);
    expect(lab.config.store.getState()).toMatchObject({ draft: { seed: 9 }, touched: false });
    expect(localStorage.getItem(KEY)).toBeNull();
    lab.config.undoReset();
    vi.advanceTimersByTime(1_000);
    expect(open().config.store.getState().draft.seed).toBe(5);
  });

  it.each([
    ['no JSON', '{'],
    ['of another version', JSON.stringify({ version: 1, value: DEFAULT_CONFIG })],
    ['not as they were written', JSON.stringify({ version: 2, value: { ...DEFAULT_CONFIG, steps: 'all' } })],
    ['nothing at all', 'null'],
  ])('that are %s are refused with the usual ones in their place', (_, text) => {
    localStorage.setItem(KEY, text);
    const lab = open();
    expect(lab.config.store.getState().draft).toEqual(DEFAULT_CONFIG);
    expect(lab.runs.store.getState().notice?.code).toBe('E_STORED_VALUE');
  });
});
