import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { z } from 'zod';
import { LabError, type Fault } from '../../contract/errors.ts';
import type { Outcome } from '../../protocol/lab-api.ts';
import type { RunRecord } from '../../record/run-record.ts';
import { parseStrictJson } from '../../contract/strict-json.ts';
import { BUNDLE_VERSION, MANIFEST, RUN_FILE } from './bundle-format.ts';
import { MAX_RUN_BYTES, NOT_OPENED, parseRun } from '../run/run-file.ts';
import { unfoldEntry } from './unfold-entry.ts';
import { refuseBundle, shownPath, zipEntries, type ZipEntry } from './zip-directory.ts';

const MEBI = 1024 * 1024;
/** Larger bundles are refused unread. Most of a large one is its adapter. */
const MAX_BYTES = 256 * MEBI;
const LIMITS = { entries: 200, totalBytes: 320 * MEBI } as const;
const MAX_MANIFEST_BYTES = MEBI;
const MAX_DEPTH = 4;

const manifestSchema = z.strictObject({
  format: z.literal('copsd-bundle'),
  version: z.literal(BUNDLE_VERSION),
  files: z.array(
    z.strictObject({
      path: z.string(),
      bytes: z.int().min(0),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
});
type Manifest = z.infer<typeof manifestSchema>;

function readManifest(file: string, entry: ZipEntry): Manifest {
  const refuse = (message: string): never => refuseBundle(file, 'MANIFEST', { message, place: MANIFEST });
  if (entry.size > MAX_MANIFEST_BYTES) refuse('the manifest is larger than any');
  const value = parseStrictJson(unfoldEntry(file, entry), { maxDepth: MAX_DEPTH }, (_, message) =>
    refuse(message),
  );
  const checked = manifestSchema.safeParse(value);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  return refuse(`${issue?.message ?? 'its shape is unknown'} (${issue?.path.join('.') ?? ''})`);
}

/** Every file against its hash, one at a time. Returns the run's bytes. */
function checkFiles(
  file: string,
  entries: readonly ZipEntry[],
  { files }: Manifest,
): Uint8Array<ArrayBuffer> {
  const named = new Map(files.map(listed => [listed.path, listed]));
  let run: Uint8Array<ArrayBuffer> | null = null;
  for (const entry of entries) {
    if (entry.path === MANIFEST) continue;
    const place = shownPath(entry.path);
    const listed = named.get(entry.path);
    if (!listed)
      refuseBundle(file, 'MANIFEST', {
        message: 'it holds a file that its manifest does not name',
        place,
      });
    named.delete(entry.path);
    const bytes = unfoldEntry(file, entry);
    if (listed.bytes !== bytes.length || listed.sha256 !== bytesToHex(sha256(bytes)))
      refuseBundle(file, 'HASH', {
        message: 'a file is not what its manifest says: it was changed or damaged',
        place,
      });
    if (entry.path === RUN_FILE) run = bytes;
  }
  const [missing] = named.keys();
  if (missing !== undefined || run === null)
    return refuseBundle(file, 'MANIFEST', {
      message: 'it lacks a file that its manifest names',
      place: shownPath(missing ?? RUN_FILE),
    });
  return run;
}

function readBundle(file: string, bytes: Uint8Array<ArrayBuffer>): Outcome<RunRecord> {
  const entries = zipEntries(file, bytes, LIMITS);
  const run = entries.find(({ path }) => path === RUN_FILE);
  if (!run)
    refuseBundle(file, 'NO_RUN', {
      message: `the zip has no ${RUN_FILE}, so it is not a run bundle`,
      nextStep: 'Open a zip that Export, Run bundle has saved.',
    });
  if (run.size > MAX_RUN_BYTES)
    refuseBundle(file, 'TOO_LARGE', {
      message: `the run has ${run.size.toLocaleString('en-US')} bytes, more than any run here`,
      place: RUN_FILE,
      nextStep: `Open a run of at most ${MAX_RUN_BYTES / MEBI} MiB.`,
    });
  const manifest = entries.find(({ path }) => path === MANIFEST);
  if (!manifest) refuseBundle(file, 'MANIFEST', { message: `it lacks its ${MANIFEST}`, place: MANIFEST });
  const whole = checkFiles(file, entries, readManifest(file, manifest));
  return parseRun(new TextDecoder().decode(whole), `${file}, ${RUN_FILE}`, NOT_OPENED);
}

/** The run in a dropped or chosen bundle: the zip, its manifest and every hash are checked before it is used. */
export async function readBundleFile(file: File): Promise<Outcome<RunRecord>> {
  const name = shownPath(file.name);
  try {
    if (file.size > MAX_BYTES)
      refuseBundle(name, 'TOO_LARGE', {
        message: `the file has ${file.size.toLocaleString('en-US')} bytes, more than any bundle`,
        nextStep: 'Open only its run.json.',
      });
    return readBundle(name, new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    if (error instanceof LabError) return { ok: false, fault: error.fault };
    const fault: Fault = {
      code: 'E_BUNDLE_READ',
      message: 'the browser could not read this: it may be a folder, or gone by now',
      file: name,
      consequence: 'Nothing was opened; the page is unchanged.',
      nextStep: 'Choose the .zip file itself.',
    };
    return { ok: false, fault };
  }
}
