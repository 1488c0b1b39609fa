import { wrap } from 'comlink';
import type { KeptApi } from '../contract/kept-runs.ts';
import type { Outcome } from '../contract/lab-api.ts';
import { callFailed, noAnswer, workerCrashed } from './faults.ts';
import { createRunsWorker } from './page-worker.ts';

/** Seconds within which each call must be answered: a list reads sizes and manifests, a record at most some megabytes. */
const DEADLINE = 30;

interface Thread {
  readonly remote: KeptApi;
  /** Answers once the thread has died. */
  readonly death: Promise<Outcome<never>>;
}

function startThread(createWorker: () => Worker, onDeath: () => void): Thread {
  const worker = createWorker();
  const death = new Promise<Outcome<never>>(resolve => {
    worker.addEventListener('error', event => {
      event.preventDefault();
      onDeath();
      worker.terminate();
      resolve({ ok: false, fault: workerCrashed(event.message) });
    });
  });
  return { remote: wrap<KeptApi>(worker), death };
}

/** Kept runs, looked after by a thread that is started when first asked, and anew after its death. Every call settles. */
export function createKeptClient(createWorker: () => Worker = createRunsWorker): KeptApi {
  let thread: Thread | null = null;

  async function call<T>(
    method: keyof KeptApi,
    ask: (remote: KeptApi) => Promise<Outcome<T>>,
  ): Promise<Outcome<T>> {
    thread ??= startThread(createWorker, () => (thread = null));
    const { remote, death } = thread;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<Outcome<T>>(resolve => {
      timer = setTimeout(() => resolve({ ok: false, fault: noAnswer(method, DEADLINE) }), DEADLINE * 1_000);
    });
    const answer = ask(remote).catch((error: unknown): Outcome<T> => ({
      ...{ ok: false, fault: callFailed(method, error) },
    }));
    const outcome = await Promise.race([answer, death, late]);
    clearTimeout(timer);
    return outcome;
  }

  return {
    keptRuns: () => call('keptRuns', remote => remote.keptRuns()),
    keptRecord: id => call('keptRecord', remote => remote.keptRecord(id)),
    deleteKept: id => call('deleteKept', remote => remote.deleteKept(id)),
  };
}
