import { wrap } from 'comlink';
import type { KeptApi } from '../protocol/kept-runs.ts';
import type { Outcome } from '../protocol/lab-api.ts';
import { Calls } from './calls.ts';
import { workerCrashed } from './faults.ts';
import { createRunsWorker } from './page-worker.ts';

/** Seconds within which each call must be answered: a list reads sizes and manifests, a record at most some megabytes. */
const DEADLINE = 30;

interface Thread {
  readonly remote: KeptApi;
  readonly calls: Calls;
}

function startThread(createWorker: () => Worker, onDeath: () => void): Thread {
  const worker = createWorker();
  const calls = new Calls();
  worker.addEventListener('error', event => {
    event.preventDefault();
    onDeath();
    worker.terminate();
    calls.end(() => workerCrashed(event.message));
  });
  return { remote: wrap<KeptApi>(worker), calls };
}

/** Kept runs, looked after by a thread that is started when first asked, and anew after its death. Every call settles. */
export function createKeptClient(createWorker: () => Worker = createRunsWorker): KeptApi {
  let thread: Thread | null = null;

  function call<T>(
    method: keyof KeptApi,
    ask: (remote: KeptApi) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    thread ??= startThread(createWorker, () => (thread = null));
    const { remote, calls } = thread;
    return calls.make(method, DEADLINE, () => ask(remote));
  }

  return {
    keptRuns: () => call('keptRuns', remote => remote.keptRuns()),
    keptRecord: id => call('keptRecord', remote => remote.keptRecord(id)),
    deleteKept: id => call('deleteKept', remote => remote.deleteKept(id)),
  };
}
