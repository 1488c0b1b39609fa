/**
 * A file that is being downloaded: its bytes from the beginning, kept when the download stops. Reading and writing are synchronous, as with
 * OPFS in a worker.
 */
export interface PartFile {
  /** Bytes present. */
  size(): number;
  /** Bytes [begin, end), in a buffer that the next call may overwrite. */
  read(begin: number, end: number): Uint8Array;
  /** @throws LabError `E_STORAGE_FULL` when not all were written; the file is then as it was before. */
  append(bytes: Uint8Array<ArrayBuffer>): void;
  /** Discards all bytes. */
  clear(): void;
  /** The ETag the bytes belong to, or null if the server gave none. */
  readonly tag: string | null;
  setTag(tag: string | null): Promise<void>;
}
