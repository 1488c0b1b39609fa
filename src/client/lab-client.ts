import { proxy, transfer } from 'comlink';
import type { Fault } from '../contract/errors.ts';
import type { LabApi, LabEvent } from '../protocol/lab-api.ts';
import { workerCrashed, workerGone, workerSilent } from './faults.ts';
import { SILENT_MS, startHeartbeat } from './heartbeat.ts';
import { createLabWorker } from './page-worker.ts';
import { faceOf, openThread, type Deadlines } from './thread.ts';

/** Deadlines of the calls in seconds: most only acknowledge, some read files or open a model. */
export const DEADLINES: Deadlines<LabApi> = {
  subscribe: 30,
  start: 120,
  resumeKept: 120,
  pause: 10,
  resume: 10,
  step: 10,
  stop: 10,
  inspect: 10,
  recover: 120,
  setLive: 10,
  setPace: 10,
  setDropped: 10,
  record: 20,
  exportRun: 900,
  artefacts: 10,
  artefactFile: 60,
  addTeacher: 120,
  inspectConstitution: 60,
  models: 30,
  offerModel: 120,
  downloadModel: 30,
  stopDownload: 30,
  removeModel: 60,
  addModel: 60,
  describeModel: 60,
  forecast: 60,
  addPrompts: 60,
  starterPrompts: 60,
  addAdapter: 60,
  addClassifier: 120,
  loseDevice: 10,
  ping: 10,
};

export interface LabClientOptions {
  /** What the worker reports, batch by batch. */
  onEvents(events: readonly LabEvent[]): void;
  /** Called once when the worker dies of anything but `dispose`. */
  onDeath(fault: Fault): void;
  /** Tests replace the thread here. */
  createWorker?(): Worker;
}

/**
 * The worker's face, on which every call settles: with its answer, or with a fault at its deadline or the worker's death. `addTeacher`
 * transfers the bytes of the graph: the caller's array is empty afterwards.
 */
export interface LabClient extends Omit<LabApi, 'subscribe'> {
  /** Ends the worker. Calls still pending answer `E_WORKER_GONE`; `onDeath` stays silent. */
  dispose(): void;
  /** Ends the worker as a crash would, silently: for tests of fault handling. */
  kill(): void;
}

/** Starts the worker; nothing else does. */
export function createLabClient({
  onEvents,
  onDeath,
  createWorker = createLabWorker,
}: LabClientOptions): LabClient {
  const worker = createWorker();
  const thread = openThread(worker, DEADLINES, message => die(workerCrashed(message)));
  let gone = false;

  function end(): void {
    gone = true;
    heartbeat.stop();
    thread.end(workerGone);
  }

  function die(fault: Fault): void {
    if (gone) return;
    end();
    onDeath(fault);
  }

  const api = faceOf<LabApi>(DEADLINES, async (method, args) => {
    const outcome = await thread.call(method, args);
    if (outcome.ok) heartbeat.heard();
    return outcome;
  });
  const heartbeat = startHeartbeat(
    () => void api.ping(),
    () => die(workerSilent(SILENT_MS / 1_000)),
  );

  function listen(events: readonly LabEvent[]): void {
    heartbeat.heard();
    if (gone) return;
    try {
      onEvents(events);
    } catch (error) {
      // Thrown from here it would look like the worker's error; the page's own errors are reported by the page.
      setTimeout(() => {
        throw error;
      });
    }
  }

  void api.subscribe(proxy(listen)).then(outcome => {
    if (!outcome.ok) die(outcome.fault);
  });

  return {
    ...api,
    // A graph may be hundreds of megabytes: its bytes are transferred.
    addTeacher: (student, files) => api.addTeacher(student, transfer(files, [files.onnx.buffer])),
    dispose: end,
    kill: () => worker.terminate(),
  };
}
