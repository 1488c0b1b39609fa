import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RunConfig } from '../../settings/run-config.ts';
import { problemsOf, type ConfigProblem } from '../../settings/problems.ts';

/** The settings being edited: those of the next run. */
export interface ConfigState {
  readonly draft: RunConfig;
  /** The user or a link has set something: the recorded run's settings no longer replace the draft. */
  readonly touched: boolean;
  readonly problems: readonly ConfigProblem[];
  /** The settings before they were reset, until something else is set. */
  readonly beforeReset: RunConfig | null;
}

export interface ConfigStore {
  readonly store: StoreApi<ConfigState>;
  /** A change by the user. */
  edit(change: (draft: RunConfig) => RunConfig): void;
  /** Settings from elsewhere (the recorded run), unless the user has already changed some. */
  adopt(config: RunConfig): void;
  /** Everything as on a first visit; the previous settings can be restored. */
  reset(): void;
  undoReset(): void;
}

/** @param usual the settings of a first visit, until the recorded run brings its own */
export function createConfigStore(
  initial: RunConfig,
  touched: boolean,
  usual: RunConfig = initial,
): ConfigStore {
  const store = createStore<ConfigState>(() => ({
    draft: initial,
    touched,
    problems: problemsOf(initial),
    beforeReset: null,
  }));
  const put = (draft: RunConfig, changes: Partial<ConfigState>): void =>
    store.setState({ draft, problems: problemsOf(draft), beforeReset: null, ...changes });
  return {
    store,
    edit(change) {
      put(change(store.getState().draft), { touched: true });
    },
    adopt(config) {
      usual = config;
      if (!store.getState().touched) put(config, {});
    },
    reset: () => put(usual, { touched: false, beforeReset: store.getState().draft }),
    undoReset() {
      const { beforeReset } = store.getState();
      if (beforeReset) put(beforeReset, { touched: true });
    },
  };
}
