import { isMissing, storageError, storageFailure } from './storage-fault.ts';

/** A file that is open for writing: of a dedicated worker, and of nobody else meanwhile (File System Standard, sync access handles). */
export interface SyncFile {
  getSize(): number;
  read(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  /** Bytes that were taken. Over quota some browsers answer a wrong number and throw nothing. */
  write(buffer: Uint8Array<ArrayBuffer>, options: { at: number }): number;
  truncate(size: number): void;
  flush(): void;
  close(): void;
}

/** What is used of a file's handle. `move` within a folder is atomic. */
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
 * @throws LabError `E_STORAGE_MISSING` where the browser has none, or not for this window.
 */
export async function openRoot(): Promise<OpfsFolder> {
  const { storage, locks } = (globalThis as { navigator?: Partial<Navigator> }).navigator ?? {};
  // Both are for secure contexts only.
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

/** What `find` gives, or null where there is no such entry. */
export async function existing<T>(find: Promise<T>): Promise<T | null> {
  try {
    return await find;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Bytes of a file, or null where there is none. */
export async function sizeOf(folder: OpfsFolder, name: string): Promise<number | null> {
  const handle = await existing(folder.getFileHandle(name));
  return handle && (await handle.getFile()).size;
}

export async function remove(folder: OpfsFolder, name: string): Promise<void> {
  await existing(folder.removeEntry(name, { recursive: true }));
}

/** A small file's text, or null where there is none or it is longer than `limit` bytes. */
export async function readSmall(folder: OpfsFolder, name: string, limit = 2 ** 20): Promise<string | null> {
  const handle = await existing(folder.getFileHandle(name));
  const file = await handle?.getFile();
  return file && file.size <= limit ? file.text() : null;
}

/** Renames a file, over one of the new name if there is one. That not all browsers do by themselves. */
export async function rename(folder: OpfsFolder, from: string, to: string): Promise<void> {
  await remove(folder, to);
  await (await folder.getFileHandle(from)).move(to);
}

/** Writes a file so that a crash leaves it whole or absent: beside its place, through to the disk, then into place. */
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
