import { isMissing, storageError, storageFailure } from './storage-fault.ts';

/** A file open for writing, exclusively, in a dedicated worker (File System Standard, sync access handles). */
export interface SyncFile {
  getSize(): number;
  read(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  /** Bytes written. Over quota some browsers return a wrong number instead of throwing. */
  write(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** The used part of a file handle. `move` within a folder is atomic. */
export interface OpfsFile {
  readonly kind: 'file';
  getFile(): Promise<File>;
  createSyncAccessHandle(): Promise<SyncFile>;
  move(name: string): Promise<void>;
}

export interface OpfsFolder {
  readonly kind: 'directory';
  getFileHandle(name: string, options?: { create?: boolean }): Promise<OpfsFile>;
  getDirectoryHandle(name: string, options?: { create?: boolean }): Promise<OpfsFolder>;
  removeEntry(name: string, options?: { recursive?: boolean }): Promise<void>;
  entries(): AsyncIterable<[string, OpfsFile | OpfsFolder]>;
}

const missing = (message: string, cause?: unknown): Error =>
  storageError(
    'MISSING',
    {
      message,
      consequence: 'Models cannot be kept in this browser; nothing else is affected.',
      nextStep:
        'Open a model from your disk, or use a current browser outside private windows, over https or on localhost.',
    },
    cause,
  );

/**
 * The site's private folder.
 * @throws LabError `E_STORAGE_MISSING` when the browser has none, or none for this window.
 */
export async function openRoot(): Promise<OpfsFolder> {
  const { storage, locks } = (globalThis as { navigator?: Partial<Navigator> }).navigator ?? {};
  // Both exist in secure contexts only.
  if (typeof storage?.getDirectory !== 'function' || !locks)
    throw missing('this browser has no storage for large files');
  try {
    return (await storage.getDirectory()) as unknown as OpfsFolder;
  } catch (error) {
    throw missing('this browser gives no storage to this window', error);
  }
}

/** @throws LabError `E_STORAGE_MISSING` outside dedicated workers, and in browsers that cannot write from them. */
export function requireWriting(): void {
  const prototype = (globalThis as { FileSystemFileHandle?: { prototype: object } }).FileSystemFileHandle
    ?.prototype;
  if (!prototype || !('createSyncAccessHandle' in prototype) || !('move' in prototype))
    throw missing('this browser cannot write large files here');
}

/** What `find` returns, or null if there is no such entry. */
export async function existing<T>(find: Promise<T>): Promise<T | null> {
  try {
    return await find;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Bytes of a file, or null if there is none. */
export async function sizeOf(folder: OpfsFolder, name: string): Promise<number | null> {
  const handle = await existing(folder.getFileHandle(name));
  return handle && (await handle.getFile()).size;
}

export async function remove(folder: OpfsFolder, name: string): Promise<void> {
  await existing(folder.removeEntry(name, { recursive: true }));
}

/** A small file's text, or null if there is none or it is longer than `limit` bytes. */
export async function readSmall(folder: OpfsFolder, name: string, limit = 2 ** 20): Promise<string | null> {
  const handle = await existing(folder.getFileHandle(name));
  const file = await handle?.getFile();
  return file && file.size <= limit ? file.text() : null;
}

/** Renames a file, replacing one of the new name; not all browsers do that by themselves. */
export async function rename(folder: OpfsFolder, from: string, to: string): Promise<void> {
  await remove(folder, to);
  await (await folder.getFileHandle(from)).move(to);
}

/** Writes a file so that a crash leaves it complete or absent: to a temporary file, flushed, then moved into place. */
export async function writeFile(
  folder: OpfsFolder,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<void> {
  const temporary = `${name}.new`;
  try {
    const handle = await (await folder.getFileHandle(temporary, { create: true })).createSyncAccessHandle();
    try {
      handle.truncate(0);
      const written = handle.write(bytes, { at: 0 });
      if (written !== bytes.byteLength)
        throw new DOMException(`${written} of ${bytes.byteLength} bytes`, 'QuotaExceededError');
      handle.flush();
    } finally {
      handle.close();
    }
    await rename(folder, temporary, name);
  } catch (error) {
    throw storageFailure(error, name);
  }
}

export async function writeSmall(folder: OpfsFolder, name: string, text: string): Promise<void> {
  await writeFile(folder, name, new TextEncoder().encode(text));
}
