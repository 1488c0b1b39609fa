import { Zip, ZipPassThrough } from 'fflate';

/** A file that is written piece by piece. */
export interface OpenFile {
  push(piece: Uint8Array<ArrayBuffer>): void;
  end(): void;
}

/** All files have the same date, so that equal folders make equal archives. */
const DATE = new Date(2000, 0, 1);

/** A folder as an uncompressed zip: weights do not shrink. Pieces become blobs as they arrive, which a browser may keep on disk. */
export class FolderZip {
  readonly #parts: Blob[] = [];
  readonly #zip: Zip;

  constructor() {
    this.#zip = new Zip((error, piece) => {
      if (error) throw error;
      this.#parts.push(new Blob([piece]));
    });
  }

  add(path: string, bytes: Uint8Array<ArrayBuffer>): void {
    const file = this.begin(path);
    file.push(bytes);
    file.end();
  }

  /** Begins a file; it must end before the next one begins. */
  begin(path: string): OpenFile {
    const file = new ZipPassThrough(path);
    file.mtime = DATE;
    this.#zip.add(file);
    return { push: piece => file.push(piece), end: () => file.push(new Uint8Array(0), true) };
  }

  finish(): Blob {
    this.#zip.end();
    return new Blob(this.#parts, { type: 'application/zip' });
  }
}
