import { LabError, type Fault } from '../contract/errors.ts';
import type { KeptFacts, KeptFiles } from '../protocol/kept-runs.ts';
import { sha256 } from '../contract/sha256.ts';
import { existing, readSmall, remove, sizeOf, writeFile, writeSmall, type OpfsFolder } from './opfs.ts';
import { damagedRun } from './run-fault.ts';
import { readManifest, writeManifest, type ManifestFile, type RunManifest } from './run-manifest.ts';

/**
 * A run’s folder holds generations: files `N.NAME` and, once all are in place, `N.manifest.json`. Nothing is ever overwritten, so a crash
 * at any moment leaves the generation before.
 */
const MANIFEST = 'manifest.json';
/** Settings may hold 200 clauses of 2,000 characters. */
const MANIFEST_LIMIT = 4 * 2 ** 20;

const generationOf = (name: string): number => Number(/^(\d{1,9})\./.exec(name)?.[1] ?? NaN);

async function namesOf(folder: OpfsFolder): Promise<string[]> {
  const names: string[] = [];
  for await (const [name] of folder.entries()) names.push(name);
  return names;
}

/** Generations with a manifest, newest first. */
export async function generations(folder: OpfsFolder): Promise<number[]> {
  return (await namesOf(folder))
    .filter(name => /^\d{1,9}\.manifest\.json$/.test(name))
    .map(generationOf)
    .sort((a, b) => b - a);
}

/** Bytes of everything in the folder. */
export async function bytesIn(folder: OpfsFolder): Promise<number> {
  let bytes = 0;
  for await (const [, entry] of folder.entries())
    if (entry.kind === 'file') bytes += (await existing(entry.getFile()))?.size ?? 0;
  return bytes;
}

/** Removes all files except those of these generations. Manifests go first, so that a half-removed generation never counts as complete. */
export async function keepOnly(folder: OpfsFolder, kept: readonly number[]): Promise<void> {
  const gone = (await namesOf(folder)).filter(name => !kept.includes(generationOf(name)));
  const manifests = gone.filter(name => name.endsWith(MANIFEST));
  for (const name of [...manifests, ...gone.filter(other => !manifests.includes(other))])
    await remove(folder, name);
}

export async function writeGeneration(
  folder: OpfsFolder,
  generation: number,
  facts: KeptFacts,
  files: KeptFiles,
): Promise<void> {
  const listed: ManifestFile[] = [];
  for (const [name, bytes] of files) {
    listed.push({ name, bytes: bytes.byteLength, sha256: await sha256(bytes) });
    await writeFile(folder, `${generation}.${name}`, bytes);
  }
  await writeSmall(folder, `${generation}.${MANIFEST}`, await writeManifest(facts, listed));
}

/**
 * The manifest of a generation, after checking that each of its files is present with the right size.
 * @throws LabError `E_CHECKPOINT_MANIFEST`, `_FORMAT`, `_CONFIG`, `_MISSING`, `_SIZE`.
 */
export async function lookAt(folder: OpfsFolder, generation: number, id: string): Promise<RunManifest> {
  const name = `${generation}.${MANIFEST}`;
  const text = await readSmall(folder, name, MANIFEST_LIMIT);
  if (text === null) throw damagedRun('MANIFEST', where(id, name), { message: 'it is missing or too long' });
  const manifest = await readManifest(text, id, where(id, name));
  for (const file of manifest.files) {
    const found = await sizeOf(folder, `${generation}.${file.name}`);
    if (found !== file.bytes) throw wrongSize(where(id, `${generation}.${file.name}`), found, file.bytes);
  }
  return manifest;
}

/**
 * Files of a generation, each of the right size and hash.
 * @throws LabError `E_CHECKPOINT_*`.
 */
export async function readGeneration(
  folder: OpfsFolder,
  generation: number,
  id: string,
  names: readonly string[],
): Promise<{ readonly facts: KeptFacts; readonly files: KeptFiles }> {
  const { run: facts, files: listed } = await lookAt(folder, generation, id);
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const { name, bytes, sha256: wanted } of listed.filter(file => names.includes(file.name))) {
    const path = where(id, `${generation}.${name}`);
    const handle = await existing(folder.getFileHandle(`${generation}.${name}`));
    const content = handle && new Uint8Array(await (await handle.getFile()).arrayBuffer());
    if (content?.byteLength !== bytes) throw wrongSize(path, content?.byteLength ?? null, bytes);
    const found = await sha256(content);
    if (found !== wanted)
      throw damagedRun('HASH', path, {
        message: 'its bytes have changed since they were written',
        place: `SHA-256 ${found.slice(0, 12)}…, not ${wanted.slice(0, 12)}…`,
      });
    files.set(name, content);
  }
  return { facts, files };
}

/**
 * Tries generations from the newest on: the first that `read` accepts, and why newer ones were not accepted. Another thread may write or
 * delete meanwhile: what it removed is not damaged, and the current files are tried instead.
 */
export async function newestWhole<T>(
  folder: OpfsFolder,
  read: (generation: number) => Promise<T>,
): Promise<{ readonly value: T; readonly skipped: Fault | null } | { readonly fault: LabError | null }> {
  let first: LabError | null = null;
  const tried = await generations(folder);
  for (const generation of tried)
    try {
      return { value: await read(generation), skipped: first?.fault ?? null };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      first ??= error;
    }
  const [newest] = tried;
  const replaced = newest !== undefined && !(await generations(folder)).includes(newest);
  return replaced ? await newestWhole(folder, read) : { fault: first };
}

const where = (id: string, name: string): string => `runs/${id}/${name}`;

const wrongSize = (file: string, found: number | null, wanted: number): LabError =>
  found === null
    ? damagedRun('MISSING', file, { message: 'it is gone' })
    : damagedRun('SIZE', file, { message: `it has ${found} bytes; ${wanted} were written` });
