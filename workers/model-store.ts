import type { ModelStore } from '../src/contract/model-store.ts';
import { splitAddress } from '../src/storage/hub-address.ts';
import { planDownload, readPlanned } from '../src/storage/hub-plan.ts';
import { connectHub } from '../src/storage/hub-request.ts';
import { ModelCache } from '../src/storage/model-cache.ts';

/** Models of hubs, kept in this site's private folder. */
export function createModelStore(): ModelStore {
  let opened: Promise<ModelCache> | undefined;
  const cache = async (): Promise<ModelCache> => {
    opened ??= ModelCache.open();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      throw error;
    }
  };
  return {
    list: async () => (await cache()).list(),
    usage: async () => (await cache()).usage(),
    plan: (address, revision, signal) => {
      const { base, id } = splitAddress(address);
      return planDownload(connectHub(base), id, revision, signal);
    },
    readText: (plan, path, signal) => readPlanned(plan, path, undefined, signal),
    download: async (plan, options) => (await cache()).download(plan, options),
    open: async key => (await cache()).openCached(key),
    delete: async key => (await cache()).delete(key),
  };
}
