import { createStore, type StoreApi } from 'zustand/vanilla';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { LabError, type Fault } from '../../contract/errors.ts';
import type { RunConfig } from '../../settings/run-config.ts';
import { diffConfigs, type ConfigDifference } from '../../settings/differences.ts';
import type { ConfigState, ConfigStore } from '../setup/config-store.ts';
import type { Shared } from './link-payload.ts';
import { VIEW_NAMES, type PageActions } from '../page/page-store.ts';
import { isActive, RECORDED_ID, type RunStore } from '../run/run-store.ts';

/** How the hash of a shared link begins; other hashes are ignored. */
export const SHARED_HASH = '#share=';

/** What a link did to the settings. */
export interface TakenLink {
  readonly config: RunConfig;
  /** Against the settings that were there, or where a person had set none, against the usual ones. */
  readonly differences: readonly ConfigDifference[];
  /** Whether the user's own settings were replaced. */
  readonly replaced: boolean;
}

export interface LinkState {
  readonly taken: TakenLink | null;
  /** Waits for confirmation, because it would replace the user's settings. */
  readonly offered: TakenLink | null;
  readonly fault: Fault | null;
}

export interface LinkActions {
  readonly store: StoreApi<LinkState>;
  /** Applies a shared link from the URL's hash. Asks first if `asking` and the user's settings would be replaced. */
  read(hash: string, asking: boolean): Promise<void>;
  /** Applies the waiting link. */
  accept(): void;
  /** Restores what the link replaced. */
  undo(): void;
  dismiss(): void;
}

const NOTHING: LinkState = { taken: null, offered: null, fault: null };

/** Links that set the page up. None runs or fetches anything: it changes the settings of the next run, and says so. */
export function createLinkActions(page: PageActions, runs: RunStore, config: ConfigStore): LinkActions {
  const store = createStore<LinkState>(() => NOTHING);
  let before: ConfigState | null = null;
  let view: string | null = null;

  function take(link: TakenLink): void {
    before = config.store.getState();
    config.edit(() => link.config);
    // A name that this page does not know shows the charts.
    if (view !== null) page.showView(VIEW_NAMES.find(name => name === view) ?? 'charts');
    store.setState({ ...NOTHING, taken: link });
  }

  function offer(shared: Shared, asking: boolean): void {
    const { draft, touched } = config.store.getState();
    const constitution = shared.constitution ?? draft.constitution;
    const clauses = constitution.clauses.map(clause => ({ ...clause }));
    const link: TakenLink = {
      config: { ...shared.settings, constitution: { title: constitution.title, clauses } },
      differences: [],
      replaced: touched,
    };
    const usual = { ...DEFAULT_CONFIG, ...(!shared.constitution && { constitution: draft.constitution }) };
    const told = { ...link, differences: diffConfigs(touched ? draft : usual, link.config) };
    ({ view } = shared);
    // A run takes its learning rate from the settings as they are: one that goes on is asked for as well.
    if (asking && (touched || isActive(runs.current()))) store.setState({ ...NOTHING, offered: told });
    else take(told);
  }

  return {
    store,
    async read(hash, asking) {
      try {
        const { readSharedHash } = await import('./link-payload.ts');
        offer(readSharedHash(hash), asking);
      } catch (error) {
        const fault: Fault =
          error instanceof LabError
            ? error.fault
            : {
                code: 'E_LINK_READ',
                message: `the link could not be read: ${error instanceof Error ? error.message : String(error)}`,
                consequence: 'Your settings are unchanged.',
                nextStep: 'Reload the page.',
              };
        store.setState({ ...NOTHING, fault });
      }
    },
    accept() {
      const { offered } = store.getState();
      if (offered) take(offered);
    },
    undo() {
      store.setState(NOTHING);
      if (!before) return;
      config.store.setState(before);
      // The recorded run may have come since, and its settings are the usual ones.
      const recorded = runs.data(RECORDED_ID).receipt;
      if (recorded) config.adopt(recorded.config);
      before = null;
    },
    dismiss: () => store.setState(NOTHING),
  };
}

/** Reads the page's address now and whenever its hash changes. A link that was read leaves the address: what a person then sets must outlive a reload. */
export function watchSharedLinks(links: LinkActions): void {
  const look = (asking: boolean): void => {
    const { hash, pathname, search } = location;
    if (!hash.startsWith(SHARED_HASH)) return;
    void links.read(hash, asking).then(() => {
      if (location.hash === hash && !links.store.getState().fault)
        history.replaceState(history.state, '', pathname + search);
    });
  };
  look(false);
  window.addEventListener('hashchange', () => look(true));
}
