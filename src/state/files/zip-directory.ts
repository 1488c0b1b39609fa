import { LabError } from '../../contract/errors.ts';

/** A file of a zip, as declared by its directory; nothing is inflated yet. */
export interface ZipEntry {
  readonly path: string;
  /** Compressed bytes in the archive. */
  readonly data: Uint8Array<ArrayBuffer>;
  readonly deflated: boolean;
  /** Declared inflated size. */
  readonly size: number;
}

export interface ZipLimits {
  readonly entries: number;
  /** Declared bytes of all files together. */
  readonly totalBytes: number;
}

const LONGEST_PATH = 200;
const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
/** The end record may be followed by a comment of at most this many bytes. */
const LONGEST_COMMENT = 0xffff;
const ENCRYPTED = 0x1;
const STORED = 0;
const DEFLATED = 8;
const SYMBOLIC_LINK = 0xa000;

const NOTHING_OPENED = 'Nothing was opened; the page is unchanged.';

const AGAIN = 'Get the bundle again from where it was made, or open only its run.json.';

/** @throws LabError `E_BUNDLE_…`: what is wrong with the bundle `file` */
export function refuseBundle(
  file: string,
  code: string,
  { message, place, nextStep = AGAIN }: { message: string; place?: string; nextStep?: string },
): never {
  throw new LabError({
    code: `E_BUNDLE_${code}`,
    message,
    file,
    ...(place !== undefined && { place }),
    consequence: NOTHING_OPENED,
    nextStep,
  });
}

/** A name for a message: short, without invisible characters. */
export const shownPath = (path: string): string => path.replaceAll(/\p{C}/gu, '\ufffd').slice(0, 80);

class DirectoryReader {
  readonly #file: string;
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #view: DataView;
  readonly #limits: ZipLimits;

  constructor(file: string, bytes: Uint8Array<ArrayBuffer>, limits: ZipLimits) {
    this.#file = file;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#limits = limits;
  }

  entries(): readonly ZipEntry[] {
    const end = this.#end();
    const count = this.#view.getUint16(end + 10, true);
    const disks = this.#view.getUint16(end + 4, true) + this.#view.getUint16(end + 6, true);
    const size = this.#view.getUint32(end + 12, true);
    const start = this.#view.getUint32(end + 16, true);
    if (disks !== 0 || count !== this.#view.getUint16(end + 8, true))
      this.#damaged('it is a part of an archive in several');
    if (count > this.#limits.entries)
      this.#refuse('ENTRIES', `it holds ${count} files; at most ${this.#limits.entries} are taken`);
    if (start + size !== end) this.#damaged('its directory does not lie where it says');
    const entries: ZipEntry[] = [];
    const spans: (readonly [from: number, to: number])[] = [];
    let at = start;
    for (let i = 0; i < count; i += 1) {
      if (at + CENTRAL_BYTES > end || this.#view.getUint32(at, true) !== CENTRAL)
        this.#damaged('its directory is broken');
      const [nameLength, extra, comment] = [28, 30, 32].map(offset =>
        this.#view.getUint16(at + offset, true),
      );
      const next = at + CENTRAL_BYTES + nameLength! + extra! + comment!;
      if (next > end) this.#damaged('its directory is broken');
      const path = this.#path(at + CENTRAL_BYTES, nameLength!);
      const { entry, span } = this.#entry(at, path, start);
      spans.push(span);
      if (entry) entries.push(entry);
      at = next;
    }
    if (at !== end) this.#damaged('its directory holds more than it says');
    this.#checkWhole(entries, spans);
    return entries;
  }

  /** Where the archive's end record begins. */
  #end(): number {
    const last = this.#bytes.length - END_BYTES;
    for (let at = last; at >= Math.max(0, last - LONGEST_COMMENT); at -= 1) {
      if (this.#view.getUint32(at, true) !== END) continue;
      if (at + END_BYTES + this.#view.getUint16(at + 20, true) === this.#bytes.length) return at;
    }
    return this.#damaged('it has no end record, so it is not a zip or was truncated');
  }

  /** The file that the directory tells of at `at`, and where its bytes lie; folders have no file. */
  #entry(
    at: number,
    path: string,
    directory: number,
  ): { readonly entry: ZipEntry | null; readonly span: readonly [number, number] } {
    const view = this.#view;
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const [compressed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const local = view.getUint32(at + 42, true);
    const unixMode = view.getUint32(at + 38, true) >>> 16;
    if ((flags & ENCRYPTED) !== 0) this.#refuse('METHOD', 'it is encrypted', path);
    if (method !== STORED && method !== DEFLATED)
      this.#refuse('METHOD', `it is compressed by method ${method}, which is not read here`, path);
    if ((unixMode & 0xf000) === SYMBOLIC_LINK) this.#refuse('PATH', 'it is a link to another file', path);
    if (method === STORED && compressed !== size)
      this.#refuse('SIZE', 'it lies uncompressed and declares two sizes', path);
    if (local + LOCAL_BYTES > directory || view.getUint32(local, true) !== LOCAL)
      this.#damaged('a file does not lie where its directory says', path);
    const [nameLength, extra] = [26, 28].map(offset => view.getUint16(local + offset, true));
    const from = local + LOCAL_BYTES + nameLength! + extra!;
    if (from + compressed > directory) this.#damaged('a file reaches beyond its end', path);
    if (this.#path(local + LOCAL_BYTES, nameLength!) !== path)
      this.#refuse('PATH', 'it has another name in the directory than where it lies', path);
    const span = [local, from + compressed] as const;
    if (path.endsWith('/')) {
      if (size > 0) this.#refuse('PATH', 'a folder holds bytes', path);
      return { entry: null, span };
    }
    const data = this.#bytes.subarray(from, from + compressed);
    return { entry: { path, data, deflated: method === DEFLATED, size }, span };
  }

  #path(at: number, length: number): string {
    if (at + length > this.#bytes.length) this.#damaged('a name reaches beyond its end');
    let path: string;
    try {
      path = new TextDecoder('utf-8', { fatal: true }).decode(this.#bytes.subarray(at, at + length));
    } catch {
      return this.#refuse('PATH', 'a name is not valid UTF-8');
    }
    const parts = path.replace(/\/$/, '').split('/');
    const odd =
      path === '' ||
      path.length > LONGEST_PATH ||
      /[\p{C}\\:]/u.test(path) ||
      parts.some(part => part === '' || part === '.' || part === '..');
    if (odd) this.#refuse('PATH', 'a name is none that a bundle has', path);
    return path;
  }

  #checkWhole(entries: readonly ZipEntry[], spans: readonly (readonly [number, number])[]): void {
    const names = new Set<string>();
    let total = 0;
    for (const { path, size } of entries) {
      // Names that differ by case are one file on many disks.
      const name = path.toLowerCase();
      if (names.has(name)) this.#refuse('DUPLICATE', 'two files have this name', path);
      names.add(name);
      total += size;
    }
    if (total > this.#limits.totalBytes)
      this.#refuse(
        'TOO_LARGE',
        `it declares to unfold to ${total.toLocaleString('en-US')} bytes; at most ${this.#limits.totalBytes.toLocaleString('en-US')} are taken`,
      );
    const ordered = spans.toSorted(([a], [b]) => a - b);
    if (ordered.some(([from], i) => i > 0 && from < ordered[i - 1]![1]))
      this.#refuse('OVERLAP', 'its files lie on one another, as in a zip bomb');
  }

  #refuse(code: string, message: string, path?: string): never {
    refuseBundle(this.#file, code, {
      message,
      ...(path !== undefined && { place: shownPath(path) }),
    });
  }

  #damaged(why: string, path?: string): never {
    this.#refuse('ZIP', `the archive is damaged: ${why}`, path);
  }
}

/**
 * The files of a zip, checked before any is unfolded: count, declared sizes, names (relative, no way up, each once), where the bytes lie
 * (within the archive, none on another), and the two methods that are read, stored and deflate. Neither zip64 nor several disks nor encryption.
 * @throws LabError `E_BUNDLE_…`
 */
export const zipEntries = (
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  limits: ZipLimits,
): readonly ZipEntry[] => new DirectoryReader(file, bytes, limits).entries();
