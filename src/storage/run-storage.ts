import type { KeptFacts, KeptFiles, KeptList, KeptRun, ReadRun, RunStorage } from '../protocol/kept-runs.ts';
import { existing, openRoot, remove, requireWriting, type OpfsFolder } from './opfs.ts';
import { noRun, unwritten } from './run-fault.ts';
import {
  bytesIn,
  generations,
  keepOnly,
  lookAt,
  newestWhole,
  readGeneration,
  writeGeneration,
} from './run-generations.ts';
import { isRunId } from './run-manifest.ts';

const FOLDER = 'runs';
/** Most runs kept; above it the oldest are deleted, finished ones first. */
const MOST_RUNS = 20;

/** One writer a run across all threads and tabs. */
const exclusively = <T>(id: string, task: () => Promise<T>): Promise<T> =>
  navigator.locks.request(`copsd-lab/runs/${id}`, task);

/** Runs in OPFS, each in its own folder. Listing and reading work in any thread, writing only in dedicated workers. */
export class OpfsRunStorage implements RunStorage {
  readonly #open: () => Promise<OpfsFolder>;
  readonly #most: number;

  /** @param root where the folder of runs is; by default the site’s private folder */
  constructor(root: () => Promise<OpfsFolder> = openRoot, most = MOST_RUNS) {
    this.#open = async () => (await root()).getDirectoryHandle(FOLDER, { create: true });
    this.#most = most;
  }

  async list(): Promise<KeptList> {
    const runs: KeptRun[] = [];
    const damaged: KeptList['damaged'][number][] = [];
    for await (const [id, entry] of (await this.#open()).entries()) {
      if (entry.kind !== 'directory' || !isRunId(id)) continue;
      const bytes = await existing(bytesIn(entry));
      const found = await existing(newestWhole(entry, generation => lookAt(entry, generation, id)));
      // Another thread has deleted it meanwhile.
      if (bytes === null || found === null) continue;
      if ('value' in found) runs.push({ ...found.value.run, bytes });
      else if (found.fault) damaged.push({ id, bytes, fault: found.fault.fault });
    }
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    runs.sort((a, b) => (a.savedAt < b.savedAt ? 1 : -1));
    return { runs, damaged, siteBytes: usage, quotaBytes: quota };
  }

  async put(facts: KeptFacts, files: KeptFiles): Promise<void> {
    const { id } = facts;
    try {
      requireWriting();
      const runs = await this.#open();
      const isNew = await exclusively(id, async () => {
        const folder = await runs.getDirectoryHandle(id, { create: true });
        const [newest = 0] = await generations(folder);
        // Leftovers of an interrupted write, and all but one generation: the disk never holds more than two.
        await keepOnly(folder, [newest]);
        try {
          await writeGeneration(folder, newest + 1, facts, files);
        } catch (error) {
          await keepOnly(folder, [newest]);
          throw error;
        }
        // A finished run never resumes, so its weights are deleted.
        if (facts.resumableStep === null) await keepOnly(folder, [newest + 1]);
        return newest === 0;
      });
      if (isNew) await this.#prune(id);
    } catch (error) {
      throw unwritten(error, `runs/${id}`);
    }
  }

  async read<T>(
    id: string,
    names: readonly string[],
    decode: (facts: KeptFacts, files: KeptFiles) => T | Promise<T>,
  ): Promise<ReadRun<T>> {
    const folder = isRunId(id) ? await existing((await this.#open()).getDirectoryHandle(id)) : null;
    if (!folder) throw noRun(id);
    const found = await newestWhole(folder, async generation => {
      const { facts, files } = await readGeneration(folder, generation, id, names);
      return await decode(facts, files);
    });
    if ('value' in found) return found;
    throw found.fault ?? noRun(id);
  }

  async remove(id: string): Promise<void> {
    if (!isRunId(id)) throw noRun(id);
    const runs = await this.#open();
    await exclusively(id, async () => {
      const folder = await existing(runs.getDirectoryHandle(id));
      // Manifests go first: an interrupted deletion leaves nothing that opens.
      if (folder) await keepOnly(folder, []);
      await remove(runs, id);
    });
  }

  async #prune(written: string): Promise<void> {
    const others = (await this.list()).runs.filter(({ id }) => id !== written).reverse();
    const over = others.length + 1 - this.#most;
    if (over <= 0) return;
    const ended = others.filter(({ status }) => status === 'finished');
    const rest = others.filter(({ status }) => status !== 'finished');
    for (const { id } of [...ended, ...rest].slice(0, over)) await this.remove(id);
  }
}
