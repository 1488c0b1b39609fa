import type { CachedModel, CacheUsage, DownloadPlan, DownloadProgress } from './model-hub.ts';
import type { ModelSource } from './model-source.ts';

/** Looks models up on a hub, and keeps them in this browser. */
export interface ModelStore {
  /** @throws LabError `E_STORAGE_*`. */
  list(): Promise<readonly CachedModel[]>;
  usage(): Promise<CacheUsage>;
  /**
   * What a download would fetch. `address` is `owner/name` on the Hugging Face hub, or the address of a model's page on a hub.
   * @throws LabError `E_HUB_*`.
   */
  plan(address: string, revision: string, signal?: AbortSignal): Promise<DownloadPlan>;
  /** A small file of a plan, whose hash is checked. @throws LabError `E_HUB_*`. */
  readText(plan: DownloadPlan, path: string, signal?: AbortSignal): Promise<string>;
  /** Downloads a model, resuming an earlier download. @throws LabError `E_HUB_*`, `E_STORAGE_*`. */
  download(
    plan: DownloadPlan,
    options: { readonly signal: AbortSignal; readonly onProgress: (progress: DownloadProgress) => void },
  ): Promise<CachedModel>;
  /** A complete model by its key. @throws LabError `E_STORAGE_*`. */
  open(key: string): Promise<ModelSource>;
  /** @throws LabError `E_STORAGE_*`. */
  delete(key: string): Promise<void>;
}
