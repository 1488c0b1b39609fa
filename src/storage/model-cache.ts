import type { CachedModel, CacheUsage, DownloadPlan, DownloadProgress } from '../contract/model-hub.ts';
import type { ModelSource } from '../contract/model-source.ts';
import { downloadInto } from './cache-download.ts';
import { describeFolder, findFolder, noModel, openFolder } from './cache-folder.ts';
import { folderOf, keyOf, MANIFEST, planSchema } from './cache-record.ts';
import { hubError } from './hub-fault.ts';
import { connectHub, type HubConnection } from './hub-request.ts';
import { existing, openRoot, remove, requireWriting, type OpfsFolder } from './opfs.ts';
import { storageError } from './storage-fault.ts';

const FOLDER = 'models';

export interface ModelCacheOptions {
  /** Where the cache is; by default the site's private folder (OPFS). */
  readonly root?: OpfsFolder;
  readonly estimate?: () => Promise<StorageEstimate>;
}

export interface CacheDownloadOptions {
  readonly signal?: AbortSignal;
  /** At each file's begin and end, and between them at most ten times a second. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  readonly hub?: Partial<Omit<HubConnection, 'base'>>;
}

/** One writer a model across all tabs: a second one fails at once. */
async function exclusively<T>(key: string, task: () => Promise<T>): Promise<T> {
  return navigator.locks.request(`copsd-lab/models/${key}`, { ifAvailable: true }, async lock => {
    if (lock) return task();
    throw storageError('BUSY', {
      message: 'another tab is downloading or deleting it',
      file: key,
      nextStep: 'Wait until the other tab is done, or close it.',
    });
  });
}

/**
 * Models downloaded from the hub, in the site's private folder. Listing and opening work in any thread, downloading only in dedicated
 * workers. Keys are `owner/name@commit`.
 */
export class ModelCache {
  readonly #models: OpfsFolder;
  readonly #estimate: () => Promise<StorageEstimate>;

  private constructor(models: OpfsFolder, estimate: () => Promise<StorageEstimate>) {
    this.#models = models;
    this.#estimate = estimate;
  }

  /** @throws LabError `E_STORAGE_MISSING` when the browser gives this window no storage. */
  static async open(options: ModelCacheOptions = {}): Promise<ModelCache> {
    const root = options.root ?? (await openRoot());
    const models = await root.getDirectoryHandle(FOLDER, { create: true });
    return new ModelCache(models, options.estimate ?? (() => navigator.storage.estimate()));
  }

  /** All models, by name and commit. */
  async list(): Promise<CachedModel[]> {
    const found: CachedModel[] = [];
    for await (const [name, entry] of this.#models.entries()) {
      const model = entry.kind === 'directory' ? await describeFolder(name, entry) : null;
      if (model) found.push(model);
    }
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async usage(): Promise<CacheUsage> {
    const bytes = (await this.list()).reduce((sum, model) => sum + model.bytes, 0);
    const { usage = 0, quota = 0 } = await this.#estimate();
    return { bytes, siteBytes: usage, quotaBytes: quota };
  }

  /**
   * Downloads a model into the cache, resuming an earlier download; returns at once if it is complete. `signal` stops it and keeps what has
   * arrived.
   * @throws LabError `E_HUB_…`; `E_STORAGE_MISSING`, `_BUSY`, `_QUOTA`, `_FULL`, `_FAILED`.
   */
  async download(plan: DownloadPlan, options: CacheDownloadOptions = {}): Promise<CachedModel> {
    const parsed = planSchema.safeParse(plan);
    if (!parsed.success)
      throw hubError('PLAN', {
        message: 'this is not a list of files to download',
        place: parsed.error.issues[0]?.path.join('.') ?? '',
        nextStep: 'Look the model up again.',
      });
    requireWriting();
    const { signal, onProgress } = options;
    const key = keyOf(plan);
    return exclusively(key, async () => {
      const hub = connectHub(plan.base, options.hub);
      await downloadInto(this.#models, parsed.data, { hub, signal, onProgress, estimate: this.#estimate });
      const folder = await findFolder(this.#models, key);
      return (folder && (await describeFolder(folderOf(key), folder))) ?? noModel(key);
    });
  }

  /**
   * A complete model, read by ranges.
   * @throws LabError `E_STORAGE_NO_MODEL`, `E_STORAGE_PARTIAL`, `E_STORAGE_DAMAGED`.
   */
  openCached(key: string): Promise<ModelSource> {
    return openFolder(this.#models, key);
  }

  /** @throws LabError `E_STORAGE_NO_MODEL`; `E_STORAGE_BUSY` while a tab downloads it. */
  async delete(key: string): Promise<void> {
    const found = await findFolder(this.#models, key);
    if (!found) noModel(key);
    await exclusively(key, async () => {
      const folder = await existing(this.#models.getDirectoryHandle(folderOf(key)));
      // The manifest goes first: an interrupted deletion leaves no model that opens.
      if (folder) await remove(folder, MANIFEST);
      await remove(this.#models, folderOf(key));
    });
  }
}
