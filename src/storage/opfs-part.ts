import { readSmall, remove, rename, type OpfsFolder, type SyncFile, writeSmall } from './opfs.ts';
import type { PartFile } from './part-file.ts';
import { diskFull, storageFailure } from './storage-fault.ts';

const partName = (name: string): string => `${name}.part`;
const tagName = (name: string): string => `${name}.tag`;

/** A file of the cache being downloaded: `NAME.part`, beside it `NAME.tag` with the server's ETag, until `keep` moves it into place. */
export class OpfsPart implements PartFile {
  readonly #folder: OpfsFolder;
  readonly #name: string;
  readonly #handle: SyncFile;
  #size: number;
  tag: string | null;

  private constructor(folder: OpfsFolder, name: string, handle: SyncFile, tag: string | null) {
    this.#folder = folder;
    this.#name = name;
    this.#handle = handle;
    this.#size = handle.getSize();
    this.tag = tag;
  }

  /** @throws LabError `E_STORAGE_BUSY` while another tab has it open. */
  static async open(folder: OpfsFolder, name: string): Promise<OpfsPart> {
    try {
      const tag = await readSmall(folder, tagName(name));
      const file = await folder.getFileHandle(partName(name), { create: true });
      return new OpfsPart(folder, name, await file.createSyncAccessHandle(), tag);
    } catch (error) {
      throw storageFailure(error, name);
    }
  }

  size(): number {
    return this.#size;
  }

  read(begin: number, end: number): Uint8Array {
    const bytes = new Uint8Array(end - begin);
    try {
      const count = this.#handle.read(bytes, { at: begin });
      if (count === bytes.byteLength) return bytes;
      throw new Error(`it gave ${count} of ${bytes.byteLength} bytes`);
    } catch (error) {
      throw storageFailure(error, this.#name);
    }
  }

  append(bytes: Uint8Array<ArrayBuffer>): void {
    let written: number;
    try {
      written = this.#handle.write(bytes, { at: this.#size });
    } catch (error) {
      this.#dropTail();
      throw storageFailure(error, this.#name);
    }
    if (written !== bytes.byteLength) {
      this.#dropTail();
      throw diskFull(this.#name, `only ${written} of ${bytes.byteLength} bytes were written`);
    }
    this.#size += written;
  }

  /** After a failed write, what follows the last good byte is unknown. */
  #dropTail(): void {
    this.#handle.truncate(this.#size);
  }

  clear(): void {
    this.#handle.truncate(0);
    this.#size = 0;
  }

  async setTag(tag: string | null): Promise<void> {
    this.tag = tag;
    if (tag === null) await remove(this.#folder, tagName(this.#name));
    else await writeSmall(this.#folder, tagName(this.#name), tag);
  }

  /** Flushes and closes the file. */
  close(): void {
    try {
      this.#handle.flush();
    } finally {
      this.#handle.close();
    }
  }

  /** Moves a closed part into place: from now on it counts as complete. */
  async keep(): Promise<void> {
    try {
      await rename(this.#folder, partName(this.#name), this.#name);
      await remove(this.#folder, tagName(this.#name));
    } catch (error) {
      throw storageFailure(error, this.#name);
    }
  }
}
