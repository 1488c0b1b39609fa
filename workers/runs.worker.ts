import { expose } from 'comlink';
import type { KeptCommands } from '../src/protocol/kept-runs.ts';
import { decodeRecord, RECORD_FILE } from '../src/run/checkpoint-file.ts';
import { answered } from '../src/service/outcome.ts';
import { OpfsRunStorage } from '../src/storage/run-storage.ts';

const storage = new OpfsRunStorage();

/** Manages kept runs without model or device, so that a page that does not train can show them. */
const commands: KeptCommands = {
  keptRuns: () => storage.list(),
  keptRecord: id => storage.read(id, [RECORD_FILE], decodeRecord),
  deleteKept: id => storage.remove(id),
};

expose(answered(commands));
