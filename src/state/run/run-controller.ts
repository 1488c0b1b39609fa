import type { LabClient } from '../../client/lab-client.ts';
import type { Fault } from '../../contract/errors.ts';
import type { LabEvent, Outcome } from '../../protocol/lab-api.ts';
import type { LiveSettings, RunConfig } from '../../settings/run-config.ts';
import type { RunRecord } from '../../record/run-record.ts';
import type { ConfigStore } from '../setup/config-store.ts';
import { createReplayEngine } from './replay-engine.ts';
import { nextNumber, resumeRun } from './resume-run.ts';
import { RunData } from '../../record/run-data.ts';
import type { RunEngine } from './run-engine.ts';
import { createEventSink } from './run-events.ts';
import { isActive, RECORDED_ID, type RunEntry, type RunStore } from './run-store.ts';
import { normalizeConfig } from '../../settings/problems.ts';

/** Where the worker comes from: started when it is first needed. */
export interface WorkerSource {
  create(onEvents: (events: readonly LabEvent[]) => void, onDeath: (fault: Fault) => void): LabClient;
}

/** The controls of the page, one method each. All of them answer at once and report through the run store. */
export interface RunController {
  /** Starts a run with the settings as they are, or pauses or goes on with the one there is. */
  runOrPause(): void;
  /** One step: of the paused run, or of a new one. */
  step(): void;
  stop(): void;
  /** Ends the run and goes back to the start; its figures stay among the runs. */
  reset(): void;
  /** Ends the run and starts another with the settings as they are now. */
  restart(): void;
  /** Plays the recorded run. */
  replay(): void;
  /** Lets a run go on that survived its page or its worker; ends the run there is. */
  resumeKept(id: string): void;
  /** Has the current run's student read token by token before its next step. */
  inspect(): void;
  /** Puts a failed run back to its last good weights. */
  recover(): void;
  setPace(milliseconds: number): void;
  setLive(settings: LiveSettings): void;
  show(id: string): void;
  dismissNotice(): void;
  /** The run as a file: from the worker where it still has it, else from what reached the page. */
  record(id: string): Promise<RunRecord | null>;
  client(): LabClient;
}

export function createRunController(
  runs: RunStore,
  config: ConfigStore,
  createClient: WorkerSource['create'],
): RunController {
  const { store } = runs;
  let client: LabClient | null = null;
  let engine: RunEngine | null = null;
  let stepWhenPaused = false;
  /** The run that the engine has taken on: stopping any other needs no word to it. */
  let accepted: string | null = null;
  /** Runs that were stopped before an engine had taken them on: it hears of it as soon as it has. */
  const cancelled = new Set<string>();

  const receive = createEventSink(runs, run => {
    if (run.id !== store.getState().currentId) return;
    if (run.status === 'paused' && stepWhenPaused) {
      stepWhenPaused = false;
      void engine?.step().then(note);
    }
  });

  function note(outcome: Outcome<unknown>): void {
    if (!outcome.ok) store.setState({ notice: outcome.fault });
  }

  function fail(id: string, fault: Fault): void {
    const run = runs.entry(id);
    if (!isActive(run)) return;
    runs.patch(id, { status: 'failed', fault, requested: null, activity: '' });
    store.setState({ milestone: `${run?.label ?? 'The run'} failed.` });
  }

  function onDeath(fault: Fault): void {
    client = null;
    if (engine && store.getState().gpu.kind !== 'none') engine = null;
    store.setState({ info: null, memory: null, rate: null });
    const run = runs.current();
    if (run?.origin === 'live' && isActive(run)) fail(run.id, fault);
    else store.setState({ notice: fault });
  }

  function worker(): LabClient {
    client ??= createClient(receive, onDeath);
    return client;
  }

  function replayRecord(): RunRecord | null {
    return store.getState().gpu.kind === 'none' ? runs.data(RECORDED_ID).toRecord() : null;
  }

  function enter(settings: RunConfig, replay: boolean): RunEntry {
    const made = nextNumber(store.getState().runs);
    const run: RunEntry = {
      id: crypto.randomUUID(),
      label: replay ? `Replay ${made}` : `Run ${made}`,
      origin: replay ? 'replay' : 'live',
      config: settings,
      status: 'preparing',
      step: 0,
      activity: replay ? '' : 'Opening the GPU and loading the model',
      fault: null,
      requested: null,
    };
    runs.add(run, new RunData());
    store.setState({ currentId: run.id, shownId: run.id, notice: null, rate: null });
    return run;
  }

  async function startLive(run: RunEntry, paused: boolean): Promise<void> {
    const lab = worker();
    engine = lab;
    const opened = await lab.open();
    if (!opened.ok) return fail(run.id, opened.fault);
    store.setState({ info: opened.value });
    if (!isActive(runs.entry(run.id))) return;
    note(await lab.setPace(store.getState().pace));
    const started = await lab.start(run.id, run.config, paused, run.label);
    if (!started.ok) return fail(run.id, started.fault);
    accepted = run.id;
    if (cancelled.has(run.id)) note(await lab.stop());
  }

  function start(paused: boolean, replay = replayRecord()): void {
    const { gpu, readOnly } = store.getState();
    if (!replay && (readOnly || gpu.kind === 'none' || config.store.getState().problems.length > 0)) return;
    stepWhenPaused = paused;
    const settings = replay?.receipt.config ?? normalizeConfig(config.store.getState().draft);
    const run = enter(settings, replay !== null);
    if (!replay) return void startLive(run, paused);
    const player = createReplayEngine(replay, receive);
    engine = player;
    accepted = run.id;
    void player.setPace(store.getState().pace).then(() => player.start(run.id, settings, paused));
  }

  /** Shows the wish until it takes effect, or is refused. */
  function ask(id: string, requested: 'pause' | 'stop'): void {
    runs.patch(id, { requested });
    void engine?.[requested]().then(outcome => {
      note(outcome);
      if (!outcome.ok) runs.patch(id, { requested: null });
    });
  }

  function stop(): void {
    const run = runs.current();
    if (!run || !isActive(run)) return;
    stepWhenPaused = false;
    if (accepted !== run.id) {
      cancelled.add(run.id);
      return runs.patch(run.id, { status: 'stopped', activity: '' });
    }
    ask(run.id, 'stop');
  }

  return {
    runOrPause() {
      const run = runs.current();
      if (!run || !isActive(run)) return start(false);
      if (run.status === 'preparing' || run.requested) return;
      if (run.status === 'paused') return void engine?.resume().then(note);
      ask(run.id, 'pause');
    },
    step() {
      const run = runs.current();
      if (!run || !isActive(run)) start(true);
      else if (run.status === 'paused') void engine?.step().then(note);
    },
    stop,
    reset() {
      stop();
      store.setState({ currentId: null, shownId: RECORDED_ID, rate: null, notice: null });
    },
    restart() {
      stop();
      start(false);
    },
    replay: () => start(false, runs.data(RECORDED_ID).toRecord()),
    resumeKept(id) {
      const run = runs.entry(id);
      if (!run || isActive(run) || store.getState().readOnly) return;
      stop();
      accepted = null;
      cancelled.delete(id);
      const lab = worker();
      engine = lab;
      void resumeRun({ runs, lab, note }, run).then(resumed => {
        if (!resumed) return;
        accepted = id;
        if (cancelled.has(id)) void lab.stop().then(note);
      });
    },
    inspect() {
      void client?.inspect().then(note);
    },
    recover() {
      const run = runs.current();
      if (!run || run.status !== 'failed' || !client) return;
      const lab = client;
      void lab.recover().then(outcome => {
        if (!outcome.ok) return note(outcome);
        runs.data(run.id).apply({ type: 'rewound', step: outcome.value.step });
        runs.patch(run.id, { fault: null, step: outcome.value.step });
      });
    },
    setPace(milliseconds) {
      store.setState({ pace: milliseconds });
      void engine?.setPace(milliseconds).then(note);
    },
    setLive(settings) {
      const run = runs.current();
      if (!run || !isActive(run) || run.origin !== 'live' || !engine) return;
      void engine.setLive(settings).then(outcome => {
        if (!outcome.ok) return note(outcome);
        const { learningRate = run.config.optimizer.learningRate, temperature = run.config.temperature } =
          settings;
        const now = runs.entry(run.id)?.config ?? run.config;
        runs.patch(run.id, {
          config: { ...now, temperature, optimizer: { ...now.optimizer, learningRate } },
        });
      });
    },
    show: id => store.setState({ shownId: id }),
    dismissNotice: () => store.setState({ notice: null }),
    async record(id) {
      const here = runs.data(id).toRecord();
      if (id !== store.getState().currentId || runs.entry(id)?.origin !== 'live' || !client) return here;
      const outcome = await client.record();
      return outcome.ok ? outcome.value : here;
    },
    client: worker,
  };
}
