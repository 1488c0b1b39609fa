import { expose } from 'comlink';
import type { KeptApi } from '../src/protocol/kept-runs.ts';
import { outcome } from '../src/service/outcome.ts';
import { decodeRecord, RECORD_FILE } from '../src/run/checkpoint-file.ts';
import { OpfsRunStorage } from '../src/storage/run-storage.ts';

const shelf = new OpfsRunStorage();

/** Looks after kept runs without model or device, so that a page that trains nothing can show them. */
const api: KeptApi = {
  keptRuns: () => outcome(() => shelf.list()),
  keptRecord: id => outcome(() => shelf.read(id, [RECORD_FILE], decodeRecord)),
  deleteKept: id => outcome(() => shelf.remove(id)),
};

expose(api);
