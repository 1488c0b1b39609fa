/**
 * A file that is being downloaded: bytes from its beginning on, kept when the download stops. Reading and writing are synchronous,
 * as those of OPFS in a worker are.
 */
export interface PartFile {
  /** Bytes that are there. */
  size(): number;
  /** Bytes [begin, end), in a buffer that the next call may overwrite. */
  read(begin: number, end: number): Uint8Array;
  /** @throws LabError `E_STORAGE_FULL` where not all of them were taken; the file is then as it was before. */
  append(bytes: Uint8Array<ArrayBuffer>): void;
  /** Forgets all bytes. */
  clear(): void;
  /** The server's version (ETag) that the bytes are of, or null where it told none. */
  readonly tag: string | null;
  setTag(tag: string | null): Promise<void>;
}
