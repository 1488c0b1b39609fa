import { createStore, type StoreApi } from 'zustand/vanilla';
import { keepSite, type WaitingVersion } from '../../client/site-versions.ts';

/** Whether a newer version waits, was put off, or cannot come because the lab is open in another tab. */
export type UpdateStage = 'none' | 'ready' | 'later' | 'open-elsewhere';

export interface SiteUpdate {
  readonly store: StoreApi<{ readonly stage: UpdateStage }>;
  /** Switches to the newer version and reloads the page, if no other tab would be harmed. */
  change(): Promise<void>;
  putOff(): void;
}

/** How long after loading the page's files are cached: charts come first, and a first run may need the same files. */
const KEEP_AFTER_MS = 2_000;

async function loaded(): Promise<void> {
  if (document.readyState !== 'complete')
    await new Promise(resolve => window.addEventListener('load', resolve, { once: true }));
  await new Promise(resolve => setTimeout(resolve, KEEP_AFTER_MS));
}

/** Caches the page for offline use, and watches for newer versions. The page never reloads by itself. */
export function watchSite(): SiteUpdate {
  const store = createStore<{ readonly stage: UpdateStage }>(() => ({ stage: 'none' }));
  let waiting: WaitingVersion | undefined;
  const keep = async (): Promise<void> => {
    await loaded();
    await keepSite(version => {
      waiting = version;
      store.setState({ stage: 'ready' });
    });
  };
  // If it cannot be cached (a browser setting, a full disk) the page still works.
  keep().catch(() => undefined);
  return {
    store,
    change: async () => {
      const others = await waiting?.takeOver();
      if (others === 0) location.reload();
      else if (others) store.setState({ stage: 'open-elsewhere' });
    },
    putOff: () => store.setState({ stage: 'later' }),
  };
}
