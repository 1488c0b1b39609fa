import type { CachedModel, DownloadPlan } from '../contract/model-hub.ts';
import type { ModelSource } from '../contract/model-source.ts';
import { folderOf, keyOf, MANIFEST, parseFolder, PLAN, readRecord } from './cache-record.ts';
import { existing, readSmall, sizeOf, type OpfsFolder } from './opfs.ts';
import { isMissing, storageError } from './storage-fault.ts';

/** @throws LabError `E_STORAGE_NO_MODEL`. */
export function noModel(key: string): never {
  throw storageError('NO_MODEL', {
    message: 'there is no such model in the cache',
    file: key.slice(0, 300),
    nextStep: 'Download it, or choose one from the list.',
  });
}

/** A model's folder, or null if there is none. `key` may be untrusted. */
export async function findFolder(models: OpfsFolder, key: string): Promise<OpfsFolder | null> {
  const folder = folderOf(key);
  const parsed = parseFolder(folder);
  return parsed && keyOf(parsed) === key ? existing(models.getDirectoryHandle(folder)) : null;
}

/** What a folder's record says, and whether all files were in place when it was written. */
export async function recordOf(
  folder: OpfsFolder,
): Promise<{ readonly plan: DownloadPlan | null; readonly finished: boolean }> {
  const manifest = await readSmall(folder, MANIFEST);
  const plan = readRecord(manifest ?? (await readSmall(folder, PLAN)));
  return { plan, finished: manifest !== null };
}

/** Files of a plan that are in place and complete. */
export async function filesInPlace(folder: OpfsFolder, plan: DownloadPlan): Promise<Set<string>> {
  const sizes = await Promise.all(
    plan.files.map(async ({ path, bytes }) => ((await sizeOf(folder, path)) === bytes ? [path] : [])),
  );
  return new Set(sizes.flat());
}

/** Bytes of all files of a folder, unfinished ones included. */
async function bytesOf(folder: OpfsFolder): Promise<number> {
  let bytes = 0;
  for await (const [, entry] of folder.entries())
    if (entry.kind === 'file') {
      const file = await existing(entry.getFile());
      bytes += file?.size ?? 0;
    }
  return bytes;
}

/** One entry of the list, or null for a folder that is not the cache's. */
export async function describeFolder(name: string, folder: OpfsFolder): Promise<CachedModel | null> {
  const parsed = parseFolder(name);
  if (!parsed) return null;
  const [{ plan, finished }, bytes] = [await recordOf(folder), await bytesOf(folder)];
  const about = { key: keyOf(parsed), ...parsed, bytes };
  if (!plan) return { ...about, revision: parsed.commit, totalBytes: 0, state: 'damaged' };
  const whole = (await filesInPlace(folder, plan)).size === plan.files.length;
  const state = !finished ? 'partial' : whole ? 'complete' : 'damaged';
  return { ...about, revision: plan.revision, totalBytes: plan.totalBytes, state };
}

/**
 * Opens a complete model. No file is held open: if the model is deleted meanwhile, `read` throws.
 * @throws LabError `E_STORAGE_NO_MODEL`, `E_STORAGE_PARTIAL`, `E_STORAGE_DAMAGED`; `read` throws `E_STORAGE_NO_FILE`,
 *   `E_STORAGE_RANGE`, `E_STORAGE_CHANGED`.
 */
export async function openFolder(models: OpfsFolder, key: string): Promise<ModelSource> {
  const folder = (await findFolder(models, key)) ?? noModel(key);
  const { plan, finished } = await recordOf(folder);
  const nextStep = 'Download it again, which fetches only what is missing.';
  if (plan && !finished)
    throw storageError('PARTIAL', { message: 'its download is not complete', file: key, nextStep });
  const handles = new Map<string, File>();
  for (const { path, bytes } of plan?.files ?? []) {
    const file = await (await existing(folder.getFileHandle(path)))?.getFile();
    if (file?.size === bytes) handles.set(path, file);
  }
  if (!plan || handles.size < plan.files.length)
    throw storageError('DAMAGED', {
      message: 'some of its files are missing or have changed on the disk',
      file: key,
      nextStep,
    });

  return {
    name: plan.id,
    files: new Map(plan.files.map(({ path, bytes }) => [path, bytes])),
    async read(path, begin = 0, end) {
      const file = handles.get(path);
      const where = `${plan.id}/${path}`;
      if (!file)
        throw storageError('NO_FILE', {
          message: 'the model has no such file',
          file: where,
          nextStep: 'Choose a model in Hugging Face layout.',
        });
      const until = end ?? file.size;
      const inside = Number.isInteger(begin) && Number.isInteger(until) && begin >= 0 && begin <= until;
      if (!inside || until > file.size)
        throw storageError('RANGE', {
          message: `bytes ${begin} to ${until} are not in its ${file.size} bytes`,
          file: where,
          nextStep: 'Delete the model from the cache and download it again.',
        });
      try {
        return new Uint8Array(await file.slice(begin, until).arrayBuffer());
      } catch (error) {
        throw storageError(
          'CHANGED',
          {
            message: `it ${isMissing(error) ? 'was deleted' : 'can no longer be read'}`,
            file: where,
            nextStep: 'Download the model again.',
          },
          error,
        );
      }
    },
  };
}
