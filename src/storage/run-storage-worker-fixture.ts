import { expose } from 'comlink';
import { LabError, type Fault } from '../contract/errors.ts';
import type { KeptFacts, KeptFiles } from '../protocol/kept-runs.ts';
import { faultyFolder, type DiskFaults } from './faulty-disk-fixture.ts';
import { openRoot } from './opfs.ts';
import { OpfsRunStorage } from './run-storage.ts';

/** The storage in a worker, for tests: it can write only there. Returns the fault, if there was one. */
const api = {
  async put(
    facts: KeptFacts,
    files: KeptFiles,
    { most, ...disk }: Omit<DiskFaults, 'reached'> & { readonly most?: number } = {},
    reached?: () => void,
  ): Promise<Fault | null> {
    const root = async () => faultyFolder(await openRoot(), { ...disk, ...(reached && { reached }) });
    try {
      await new OpfsRunStorage(root, most).put(facts, files);
      return null;
    } catch (error) {
      if (error instanceof LabError) return error.fault;
      throw error;
    }
  },
};

export type RunStorageWorkerApi = typeof api;

expose(api);
