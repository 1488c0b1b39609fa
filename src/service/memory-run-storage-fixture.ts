import { LabError } from '../contract/errors.ts';
import type { KeptFacts, KeptFiles, RunStorage } from '../protocol/kept-runs.ts';

/** A run storage in memory, one generation a run; `full` makes the next writes fail. */
export class MemoryRunStorage implements RunStorage {
  readonly runs = new Map<string, { readonly facts: KeptFacts; readonly files: KeptFiles }>();
  /** Facts of every write, in order. */
  readonly written: KeptFacts[] = [];
  full = false;

  list(): ReturnType<RunStorage['list']> {
    const runs = [...this.runs.values()].map(({ facts }) => ({ ...facts, bytes: 0 }));
    return Promise.resolve({ runs, damaged: [], siteBytes: 0, quotaBytes: 0 });
  }

  put(facts: KeptFacts, files: KeptFiles): Promise<void> {
    if (this.full) return Promise.reject(refused('E_CHECKPOINT_FULL', facts.id));
    this.runs.set(facts.id, { facts, files });
    this.written.push(facts);
    return Promise.resolve();
  }

  async read<T>(
    id: string,
    _: readonly string[],
    decode: (facts: KeptFacts, files: KeptFiles) => T | Promise<T>,
  ): Promise<{ readonly value: T; readonly skipped: null }> {
    const run = this.runs.get(id);
    if (!run) throw refused('E_CHECKPOINT_NONE', id);
    return { value: await decode(run.facts, run.files), skipped: null };
  }

  remove(id: string): Promise<void> {
    this.runs.delete(id);
    return Promise.resolve();
  }
}

const refused = (code: LabError['fault']['code'], file: string): LabError =>
  new LabError({ code, file, message: 'm', consequence: 'c', nextStep: 'n' });
