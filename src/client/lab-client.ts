import { proxy, releaseProxy, transfer, wrap } from 'comlink';
import type { Fault } from '../contract/errors.ts';
import type { LabApi, LabEvent, Outcome } from '../protocol/lab-api.ts';
import { Calls } from './calls.ts';
import { workerCrashed, workerGone, workerSilent } from './faults.ts';
import { SILENT_MS, startHeartbeat } from './heartbeat.ts';
import { createLabWorker } from './page-worker.ts';

/** Seconds within which each call must be answered. Opening loads the model and compiles; the rest only take note. */
const DEADLINES = {
  subscribe: 30,
  open: 120,
  start: 120,
  resumeKept: 120,
  pause: 10,
  resume: 10,
  step: 10,
  inspect: 10,
  stop: 10,
  recover: 120,
  setLive: 10,
  setPace: 10,
  setDropped: 10,
  artefacts: 10,
  artefactFile: 60,
  addTeacher: 120,
  record: 20,
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
  exportRun: 900,
  loseDevice: 10,
  ping: 10,
} as const satisfies Record<keyof LabApi, number>;

export interface LabClientOptions {
  /** What the worker tells, batch by batch. */
  onEvents(events: readonly LabEvent[]): void;
  /** Called once when the worker dies of anything but `dispose`. */
  onDeath(fault: Fault): void;
  /** Tests put another thread here. */
  createWorker?(): Worker;
}

/**
 * The worker's face, on which every call settles: with its answer, or with a fault at its deadline or the worker's death.
 * `addTeacher` takes the bytes of the graph over: the caller's array is empty afterwards.
 */
export interface LabClient extends Omit<LabApi, 'subscribe'> {
  /** Ends the worker. Calls still pending answer `E_WORKER_GONE`; `onDeath` stays silent. */
  dispose(): void;
  /** Ends the worker as a crash would, without a word to anyone: for tests of fault handling. */
  kill(): void;
}

/** Starts the worker: the only place that does. */
export function createLabClient(options: LabClientOptions): LabClient {
  const worker = (options.createWorker ?? createLabWorker)();
  const remote = wrap<LabApi>(worker);
  const calls = new Calls();
  let gone = false;

  function end(): void {
    gone = true;
    heartbeat.stop();
    worker.terminate();
    calls.end(workerGone);
  }

  function die(fault: Fault): void {
    if (gone) return;
    end();
    options.onDeath(fault);
  }

  async function call<T>(method: keyof LabApi, ask: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
    if (gone) return { ok: false, fault: workerGone(method) };
    return await calls.make(method, DEADLINES[method], async () => {
      const outcome = await ask();
      heartbeat.heard();
      return outcome;
    });
  }

  const heartbeat = startHeartbeat(
    () => void call('ping', () => remote.ping()),
    () => die(workerSilent(SILENT_MS / 1_000)),
  );

  worker.addEventListener('error', event => {
    event.preventDefault();
    die(workerCrashed(event.message));
  });
  worker.addEventListener('messageerror', () => die(workerCrashed('a message could not be read')));

  const listener = proxy((events: readonly LabEvent[]) => {
    heartbeat.heard();
    if (!gone) options.onEvents(events);
  });
  void call('subscribe', () => remote.subscribe(listener)).then(outcome => {
    if (!outcome.ok && !gone) die(outcome.fault);
  });

  return {
    open: () => call('open', () => remote.open()),
    start: (runId, config, paused, label) => call('start', () => remote.start(runId, config, paused, label)),
    resumeKept: (runId, paused) => call('resumeKept', () => remote.resumeKept(runId, paused)),
    pause: () => call('pause', () => remote.pause()),
    resume: () => call('resume', () => remote.resume()),
    step: () => call('step', () => remote.step()),
    inspect: () => call('inspect', () => remote.inspect()),
    stop: () => call('stop', () => remote.stop()),
    recover: () => call('recover', () => remote.recover()),
    setLive: settings => call('setLive', () => remote.setLive(settings)),
    setPace: milliseconds => call('setPace', () => remote.setPace(milliseconds)),
    setDropped: rows => call('setDropped', () => remote.setDropped(rows)),
    artefacts: () => call('artefacts', () => remote.artefacts()),
    artefactFile: name => call('artefactFile', () => remote.artefactFile(name)),
    // A graph may be hundreds of megabytes: its bytes go over, and are gone here.
    addTeacher: files => call('addTeacher', () => remote.addTeacher(transfer(files, [files.onnx.buffer]))),
    record: () => call('record', () => remote.record()),
    inspectConstitution: (document, reader) =>
      call('inspectConstitution', () => remote.inspectConstitution(document, reader)),
    models: () => call('models', () => remote.models()),
    offerModel: (id, revision) => call('offerModel', () => remote.offerModel(id, revision)),
    downloadModel: plan => call('downloadModel', () => remote.downloadModel(plan)),
    stopDownload: () => call('stopDownload', () => remote.stopDownload()),
    removeModel: name => call('removeModel', () => remote.removeModel(name)),
    addModel: (folder, files) => call('addModel', () => remote.addModel(folder, files)),
    describeModel: name => call('describeModel', () => remote.describeModel(name)),
    forecast: config => call('forecast', () => remote.forecast(config)),
    addPrompts: (title, file) => call('addPrompts', () => remote.addPrompts(title, file)),
    starterPrompts: () => call('starterPrompts', () => remote.starterPrompts()),
    addAdapter: (model, files) => call('addAdapter', () => remote.addAdapter(model, files)),
    addClassifier: files => call('addClassifier', () => remote.addClassifier(files)),
    exportRun: kind => call('exportRun', () => remote.exportRun(kind)),
    loseDevice: () => call('loseDevice', () => remote.loseDevice()),
    ping: () => call('ping', () => remote.ping()),
    dispose: () => {
      if (gone) return;
      end();
      remote[releaseProxy]();
    },
    kill: () => worker.terminate(),
  };
}
