import { expose } from 'comlink';
import { LabError, type Fault } from '../contract/errors.ts';
import type { CachedModel, DownloadPlan, DownloadProgress } from '../contract/model-hub.ts';
import { faultyFolder, type DiskFaults } from './faulty-disk-fixture.ts';
import { ModelCache } from './model-cache.ts';
import { openRoot } from './opfs.ts';

export interface DownloadTest extends Omit<DiskFaults, 'reached'> {
  /** Free bytes to report instead of the browser's own estimate. */
  readonly freeBytes?: number;
}

type Answer<T> = { readonly value?: T; readonly fault?: Fault };

async function answer<T>(task: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { value: await task() };
  } catch (error) {
    if (error instanceof LabError) return { fault: error.fault };
    throw error;
  }
}

/** The cache in a worker, for tests: its results cross threads as plain data. */
const api = {
  download(
    plan: DownloadPlan,
    { freeBytes, ...disk }: DownloadTest = {},
    onProgress?: (progress: DownloadProgress) => void,
    reached?: () => void,
  ): Promise<Answer<CachedModel>> {
    return answer(async () => {
      const root = faultyFolder(await openRoot(), { ...disk, ...(reached && { reached }) });
      const estimate =
        freeBytes === undefined ? undefined : () => Promise.resolve({ quota: freeBytes, usage: 0 });
      const cache = await ModelCache.open({ root, ...(estimate && { estimate }) });
      const hub = { waitMilliseconds: 1, silenceMilliseconds: 20_000 };
      return cache.download(plan, { hub, ...(onProgress && { onProgress }) });
    });
  },
  delete: (key: string): Promise<Answer<void>> => answer(async () => (await ModelCache.open()).delete(key)),
};

export type CacheWorkerApi = typeof api;

expose(api);
