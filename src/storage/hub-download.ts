import type { LabError } from '../contract/errors.ts';
import type { DownloadPlan, HubFile } from '../contract/model-hub.ts';
import { hashFile, type FileHasher } from './file-hash.ts';
import { fileUrl } from './hub-address.ts';
import { cancelled, hubError, PassingFailure } from './hub-fault.ts';
import { persevere, request, type Body, type HubConnection } from './hub-request.ts';
import { subjectName, type Subject } from './hub-status.ts';
import type { PartFile } from './part-file.ts';

/**
 * Progress an attempt must make beyond the furthest so far for the count of failures to restart: so the file's size bounds the failures.
 */
const PROGRESS_BYTES = 2 ** 20;
const READ_BYTES = 2 ** 20;
const WRITE_BYTES = 2 ** 17;

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of this file that are present; the count drops when the file has to start over. */
  readonly onBytes?: (bytes: number) => void;
}

/** A server that compresses on the fly marks its ETags as weak; the content is the same. */
const versionOf = (response: Response): string | null =>
  response.headers.get('ETag')?.replace(/^W\//, '') ?? null;

/** One file being downloaded: the part on the disk and the hash of its bytes. */
class Download {
  readonly #hub: HubConnection;
  readonly #subject: Subject;
  readonly #url: string;
  readonly #file: HubFile;
  readonly #part: PartFile;
  readonly #options: DownloadOptions;
  #hash: FileHasher;

  constructor(
    hub: HubConnection,
    { base, id, commit }: DownloadPlan,
    file: HubFile,
    part: PartFile,
    options: DownloadOptions,
  ) {
    this.#hub = hub;
    this.#subject = { kind: 'file', id, revision: commit, path: file.path };
    this.#url = fileUrl(base, id, commit, file.path);
    this.#file = file;
    this.#part = part;
    this.#options = options;
    this.#hash = hashFile(file);
  }

  #error(code: string, message: string, nextStep: string): LabError {
    return hubError(code, { message, file: subjectName(this.#subject), nextStep });
  }

  restart(): void {
    this.#part.clear();
    this.#hash = hashFile(this.#file);
    this.#options.onBytes?.(0);
  }

  /** Hashes what an earlier download left. Yields now and then, so that it can be cancelled. */
  async takeUp(): Promise<void> {
    const { bytes } = this.#file;
    if (this.#part.size() > bytes) this.restart();
    const kept = this.#part.size();
    for (let begin = 0; begin < kept; begin += READ_BYTES) {
      this.#hash.update(this.#part.read(begin, Math.min(kept, begin + READ_BYTES)));
      await new Promise(done => setTimeout(done));
      if (this.#options.signal?.aborted) throw cancelled(subjectName(this.#subject));
    }
    this.#options.onBytes?.(kept);
  }

  /** Fetches what is missing, however often the connection breaks, within limits. */
  async fill(): Promise<void> {
    let most = this.#part.size();
    await persevere(
      this.#hub,
      this.#options.signal,
      async () => {
        const from = this.#part.size();
        if (from === this.#file.bytes) return;
        const { signal } = this.#options;
        await request(
          this.#hub,
          { url: this.#url, subject: this.#subject, from, signal },
          async (answer, body) => {
            await this.#begin(answer, from);
            await this.#append(body);
          },
        );
      },
      () => {
        if (this.#part.size() - most < PROGRESS_BYTES) return false;
        most = this.#part.size();
        return true;
      },
    );
  }

  /** Prepares the part for a response: it continues at `from`, or at zero. */
  async #begin(answer: Response, from: number): Promise<void> {
    const tag = versionOf(answer);
    const kept = this.#part.tag;
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.headers.get('Content-Range') ?? '');
    const continues =
      answer.status === 206 &&
      // CORS may hide the header; then only the hash can tell.
      (range === null ||
        (Number(range[1]) === from && ['*', String(this.#file.bytes)].includes(range[2]!))) &&
      (tag === null || kept === null || tag === kept);
    if (from > 0 && continues) return;
    if (from > 0) this.restart();
    const whole = from === 0 || answer.status === 200;
    await this.#part.setTag(whole ? tag : null);
    if (whole) return;
    throw new PassingFailure(
      this.#error(
        'CHANGED',
        'the server has a different version from the one already begun',
        'Look at the model again; it may just have changed.',
      ),
    );
  }

  async #append(body: Body): Promise<void> {
    const { bytes } = this.#file;
    for await (const piece of body) {
      if (this.#options.signal?.aborted) throw cancelled(subjectName(this.#subject));
      if (this.#part.size() + piece.byteLength > bytes) {
        this.restart();
        throw this.#error(
          'SIZE',
          `the server sends more than the ${bytes} bytes that the hub lists`,
          'Look at the model again; it may just have changed.',
        );
      }
      // A full disk then costs at most the last of these.
      for (let begin = 0; begin < piece.byteLength; begin += WRITE_BYTES) {
        const written = piece.subarray(begin, begin + WRITE_BYTES);
        this.#part.append(written);
        this.#hash.update(written);
      }
      this.#options.onBytes?.(this.#part.size());
    }
    const missing = bytes - this.#part.size();
    if (missing > 0)
      throw new PassingFailure(
        this.#error(
          'CUT',
          `the response ended ${missing} of ${bytes} bytes too early`,
          'Download the model again: it resumes where it broke off.',
        ),
      );
  }

  /** Discards a part that is not the file; no further bytes would fix it. */
  verified(): boolean {
    if (this.#hash.matches()) return true;
    this.restart();
    return false;
  }

  mismatch(): LabError {
    return this.#error(
      'HASH',
      'its content is not what the hub lists, and was discarded',
      'Download the model again; if it happens again, something between you and the hub changes files.',
    );
  }
}

/**
 * Downloads one file of a plan into `part`, from where an earlier download stopped, until the part is the complete file with the listed
 * hash. A part of another version, or one that a server without ranges cannot continue, starts over. When this throws, the part stays as it
 * is, ready to be continued; only bytes known to be wrong are cleared.
 * @throws LabError `E_HUB_…` after a limited number of attempts, `E_HUB_CANCELLED`, and whatever `part` throws.
 */
export async function downloadFile(
  hub: HubConnection,
  plan: DownloadPlan,
  file: HubFile,
  part: PartFile,
  options: DownloadOptions = {},
): Promise<void> {
  const download = new Download(hub, plan, file, part, options);
  const resumed = part.size() > 0;
  await download.takeUp();
  await download.fill();
  if (download.verified()) return;
  // What was kept from earlier may be corrupted: that is worth one download from the start.
  if (resumed) {
    await download.fill();
    if (download.verified()) return;
  }
  throw download.mismatch();
}
