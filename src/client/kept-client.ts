import type { KeptApi } from '../protocol/kept-runs.ts';
import { keeperCrashed } from './faults.ts';
import { createRunsWorker } from './page-worker.ts';
import { faceOf, openThread, type Deadlines, type Thread } from './thread.ts';

/** Seconds within which each call must be answered: a list reads sizes and manifests, a record at most some megabytes. */
const DEADLINES: Deadlines<KeptApi> = { keptRuns: 30, keptRecord: 30, deleteKept: 30 };

/** Kept runs, managed by a thread that is started at the first call, and again after a crash. Every call settles. */
export function createKeptClient(createWorker: () => Worker = createRunsWorker): KeptApi {
  let thread: Thread<KeptApi> | null = null;

  function open(): Thread<KeptApi> {
    const opened = openThread(createWorker(), DEADLINES, message => {
      thread = null;
      opened.end(() => keeperCrashed(message));
    });
    return opened;
  }

  return faceOf(DEADLINES, (method, args) => (thread ??= open()).call(method, args));
}
