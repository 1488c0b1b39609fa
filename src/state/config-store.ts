import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunConfig } from '../contract/run-config.ts';
import { problemsOf, type ConfigProblem } from './validation.ts';

/** The settings being edited: those of the next run. */
export interface ConfigState {
  readonly draft: RunConfig;
  /** A person or a link has set something: the recorded run's settings no longer replace the draft. */
  readonly touched: boolean;
  readonly problems: readonly ConfigProblem[];
}

export interface ConfigStore {
  readonly store: StoreApi<ConfigState>;
  /** A person's change. */
  edit(change: (draft: RunConfig) => RunConfig): void;
  /** Settings from elsewhere (the recorded run), unless a person has already begun. */
  adopt(config: RunConfig): void;
}

export function createConfigStore(initial: RunConfig, touched: boolean): ConfigStore {
  const store = createStore<ConfigState>(() => ({
    draft: initial,
    touched,
    problems: problemsOf(initial),
  }));
  return {
    store,
    edit(change) {
      const draft = change(store.getState().draft);
      store.setState({ draft, touched: true, problems: problemsOf(draft) });
    },
    adopt(config) {
      if (store.getState().touched) return;
      store.setState({ draft: config, problems: problemsOf(config) });
    },
  };
}
