import { expose } from 'comlink';
import type { KeptApi } from '../src/contract/kept-runs.ts';
import { answer } from '../src/distill/answer.ts';
import { decodeRecord, RECORD_FILE } from '../src/distill/checkpoint-file.ts';
import { OpfsRunShelf } from '../src/storage/run-shelf.ts';

const shelf = new OpfsRunShelf();

/** Looks after kept runs without model or device, so that a page that trains nothing can show them. */
const api: KeptApi = {
  keptRuns: () => answer(() => shelf.list()),
  keptRecord: id => answer(() => shelf.read(id, [RECORD_FILE], decodeRecord)),
  deleteKept: id => answer(() => shelf.remove(id)),
};

expose(api);
