import type { DownloadPlan, DownloadProgress } from '../contract/model-hub.ts';
import { filesInPlace, recordOf } from './cache-folder.ts';
import { folderOf, keyOf, MANIFEST, PLAN, sameFiles, writeRecord } from './cache-record.ts';
import { downloadFile } from './hub-download.ts';
import type { HubConnection } from './hub-request.ts';
import { existing, remove, rename, sizeOf, writeSmall, type OpfsFolder } from './opfs.ts';
import { OpfsPart } from './opfs-part.ts';
import { storageError, storageFailure } from './storage-fault.ts';

/** Kept free for records and for whatever else the site writes meanwhile. */
const SPARE_BYTES = 4 * 2 ** 20;
/** Least time between progress reports within a file: each crosses a thread. */
const REPORT_MILLISECONDS = 100;

export interface CacheDownload {
  readonly hub: HubConnection;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly estimate: () => Promise<StorageEstimate>;
}

/** The model's folder, with this plan in it and nothing of any other plan; null if the model is complete. */
async function prepareFolder(models: OpfsFolder, plan: DownloadPlan): Promise<OpfsFolder | null> {
  const name = folderOf(keyOf(plan));
  const old = await existing(models.getDirectoryHandle(name));
  const record = old && (await recordOf(old));
  if (old && record?.plan && sameFiles(record.plan, plan)) {
    if (!record.finished) return old;
    if ((await filesInPlace(old, plan)).size === plan.files.length) return null;
    // Files went missing, so the manifest becomes a plan again.
    await rename(old, MANIFEST, PLAN);
    return old;
  }
  if (old) await remove(models, name);
  const folder = await models.getDirectoryHandle(name, { create: true });
  await writeSmall(folder, PLAN, writeRecord(plan));
  return folder;
}

/** @throws LabError `E_STORAGE_QUOTA` when the missing files do not fit, before any of them is fetched. */
async function requireSpace(
  folder: OpfsFolder,
  plan: DownloadPlan,
  inPlace: ReadonlySet<string>,
  estimate: CacheDownload['estimate'],
): Promise<void> {
  let needed = SPARE_BYTES;
  for (const { path, bytes } of plan.files)
    if (!inPlace.has(path)) needed += Math.max(0, bytes - ((await sizeOf(folder, `${path}.part`)) ?? 0));
  const { quota, usage } = await estimate();
  if (quota === undefined || usage === undefined || quota - usage >= needed) return;
  const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  throw storageError('QUOTA', {
    message: `it needs ${mebibytes(needed)} more, and this browser gives the site ${mebibytes(Math.max(0, quota - usage))}`,
    file: plan.id,
    nextStep: 'Delete a model of the cache, or free space on the disk, and download the model again.',
  });
}

/**
 * Downloads a model into its folder, continuing from whatever an earlier download left. Each file is written to a part and moved into place
 * once its hash is right; at the end the plan becomes the manifest. The caller holds the model's lock.
 * @throws LabError `E_HUB_…`, `E_STORAGE_…`. What has arrived is kept.
 */
export async function downloadInto(
  models: OpfsFolder,
  plan: DownloadPlan,
  { hub, signal, onProgress, estimate }: CacheDownload,
): Promise<void> {
  try {
    const folder = await prepareFolder(models, plan);
    if (!folder) return;
    const inPlace = await filesInPlace(folder, plan);
    await requireSpace(folder, plan, inPlace, estimate);
    const { totalBytes } = plan;
    let done = 0;
    for (const file of plan.files) {
      let reported = -Infinity;
      const report = (bytes: number): void => {
        const now = performance.now();
        if (bytes !== file.bytes && now - reported < REPORT_MILLISECONDS) return;
        reported = now;
        onProgress?.({ bytes: done + bytes, totalBytes, file: file.path });
      };
      if (!inPlace.has(file.path)) {
        const part = await OpfsPart.open(folder, file.path);
        try {
          await downloadFile(hub, plan, file, part, { signal, onBytes: report });
        } finally {
          part.close();
        }
        await part.keep();
      }
      report(file.bytes);
      done += file.bytes;
    }
    await rename(folder, PLAN, MANIFEST);
  } catch (error) {
    throw storageFailure(error, plan.id);
  }
}
