import type { LabError } from '../contract/errors.ts';
import type { DownloadPlan, HubFile } from '../contract/model-hub.ts';
import { hashFile, type FileHasher } from './file-hash.ts';
import { fileUrl } from './hub-address.ts';
import { cancelled, hubError, PassingFailure } from './hub-fault.ts';
import { persevere, request, type Body, type HubConnection } from './hub-request.ts';
import { subjectName, type Subject } from './hub-status.ts';
import type { PartFile } from './part-file.ts';

/** What an attempt must add to the most that was ever there, for the next failure to count as a first one: the size bounds failures. */
const PROGRESS_BYTES = 2 ** 20;
const READ_BYTES = 2 ** 20;
const WRITE_BYTES = 2 ** 17;

export interface DownloadOptions {
  readonly signal?: AbortSignal | undefined;
  /** Bytes of this file that are there; they fall where the file has to start anew. */
  readonly onBytes?: (bytes: number) => void;
}

/** A server that compresses on the way marks its versions as weak; the content is the same. */
const versionOf = (response: Response): string | null =>
  response.headers.get('ETag')?.replace(/^W\//, '') ?? null;

/** One file on its way: the part on the disk and the hash of all that it holds. */
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

  /** Hashes what an earlier download left. Gives way now and then, so that a cancel is heard. */
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

  /** Fetches what is missing, however often the connection is cut, within bounds. */
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

  /** Makes the part fit the answer that begins: it goes on from `from`, or at zero. */
  async #begin(answer: Response, from: number): Promise<void> {
    const tag = versionOf(answer);
    const kept = this.#part.tag;
    const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(answer.headers.get('Content-Range') ?? '');
    const continues =
      answer.status === 206 &&
      // The header may be hidden from pages of other hosts; then the hash alone tells.
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
        'the server has another version than the one that was begun',
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
      // A full disk then costs no more than the last of these.
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
          `the answer ended ${missing} of ${bytes} bytes too early`,
          'Download the model again: it goes on where it was cut.',
        ),
      );
  }

  /** Forgets a part that is not the file, which no further bytes would mend. */
  verified(): boolean {
    if (this.#hash.matches()) return true;
    this.restart();
    return false;
  }

  mismatch(): LabError {
    return this.#error(
      'HASH',
      'its content is not what the hub lists, and was thrown away',
      'Download the model again; if it happens again, something between you and the hub changes files.',
    );
  }
}

/**
 * Downloads one file of a plan into `part`, from where an earlier download stopped, until the part is the whole file with the listed
 * hash. A part of another version, and one that a server without ranges cannot continue, starts anew. The part stays as it is when this
 * throws, ready to be continued; only bytes known to be wrong are cleared.
 * @throws LabError `E_HUB_…` after bounded patience, `E_HUB_CANCELLED`, and what `part` throws.
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
  // What was kept from earlier may have gone bad on the disk: that is worth one download from the start.
  if (resumed) {
    await download.fill();
    if (download.verified()) return;
  }
  throw download.mismatch();
}
