import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { createConfigStore } from './config-store.ts';

describe('config store', () => {
  it('adopts the recorded settings until a person has begun', () => {
    const store = createConfigStore(DEFAULT_CONFIG, false);
    store.adopt({ ...DEFAULT_CONFIG, steps: 77 });
    expect(store.store.getState().draft.steps).toBe(77);
    store.edit(draft => ({ ...draft, seed: 5 }));
    store.adopt(DEFAULT_CONFIG);
    expect(store.store.getState().draft).toMatchObject({ steps: 77, seed: 5 });
  });
});
