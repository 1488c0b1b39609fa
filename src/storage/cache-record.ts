import { z } from 'zod';
import type { DownloadPlan } from '../contract/model-hub.ts';
import { hubBase, isCommit, isFileName, isModelId } from './hub-address.ts';

/**
 * The folder of a model holds its files under their own names and one record, a plan: `plan.json` while files are being downloaded, renamed
 * to `manifest.json` once every file is in place with the right hash. So a model becomes complete atomically.
 */
export const PLAN = 'plan.json';
export const MANIFEST = 'manifest.json';

const FORMAT = 1;
const bytes = z.number().int().nonnegative();

const isBase = (address: string): boolean => {
  try {
    return hubBase(address) === address;
  } catch {
    return false;
  }
};

/** A plan that is safe to act on: its names become URLs and file names. */
export const planSchema = z
  .object({
    base: z.string().refine(isBase),
    id: z.string().refine(isModelId),
    revision: z.string(),
    commit: z.string().refine(isCommit),
    files: z
      .array(
        z.object({
          path: z.string().refine(name => isFileName(name) && /\.(?:json|jinja|safetensors)$/.test(name)),
          bytes,
          hash: z.union([
            z.object({ algorithm: z.literal('sha256'), digest: z.string().regex(/^[0-9a-f]{64}$/) }),
            z.object({ algorithm: z.literal('git-blob-sha1'), digest: z.string().refine(isCommit) }),
          ]),
        }),
      )
      .min(1),
    totalBytes: bytes,
  })
  .refine(({ files, totalBytes }) => files.reduce((sum, file) => sum + file.bytes, 0) === totalBytes)
  .refine(({ files }) => files.every(({ path }) => path !== PLAN && path !== MANIFEST))
  .refine(({ files }) => new Set(files.map(({ path }) => path)).size === files.length);

const recordSchema = z.object({ format: z.literal(FORMAT), plan: planSchema });

export const writeRecord = (plan: DownloadPlan): string => JSON.stringify({ format: FORMAT, plan }, null, 2);

/** The plan in a record, or null if it is not one. */
export function readRecord(text: string | null): DownloadPlan | null {
  try {
    return recordSchema.parse(JSON.parse(text ?? '')).plan;
  } catch {
    return null;
  }
}

/** Whether two plans mean the same files; the revision's name may differ. */
export function sameFiles(a: DownloadPlan, b: DownloadPlan): boolean {
  const files = (plan: DownloadPlan): string =>
    plan.files
      .map(({ path, bytes: size, hash }) => `${path} ${size} ${hash.digest}`)
      .sort()
      .join('\n');
  return files(a) === files(b);
}

export const keyOf = ({ id, commit }: Pick<DownloadPlan, 'id' | 'commit'>): string => `${id}@${commit}`;

/** A model's name may contain one slash, which a folder's may not; no model's name contains `--`. */
export const folderOf = (key: string): string => key.replace('/', '--');

/** Name and commit of a folder of the cache, or null if it is not one. */
export function parseFolder(folder: string): Pick<DownloadPlan, 'id' | 'commit'> | null {
  const [name = '', commit = '', ...rest] = folder.split('@');
  const id = name.replace('--', '/');
  return rest.length === 0 && isModelId(id) && isCommit(commit) ? { id, commit } : null;
}
