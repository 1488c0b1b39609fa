import type { LabClient } from '../../client/lab-client.ts';
import type { Fault } from '../../contract/errors.ts';
import type { LabEvent, Outcome } from '../../protocol/lab-api.ts';
import type { LiveSettings, RunConfig } from '../../settings/run-config.ts';
import type { RunRecord } from '../../record/run-record.ts';
import type { ConfigStore } from '../setup/config-store.ts';
import { createReplayEngine } from './replay-engine.ts';
import { nextNumber, resumeRun } from './resume-run.ts';
import { RunData } from '../../record/run-data.ts';
import type { RunEngine } from './replay-engine.ts';
import { createEventSink } from './run-events.ts';
import { isActive, RECORDED_ID, type RunEntry, type RunStore } from './run-store.ts';
import { withLive } from '../../settings/fields.ts';
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
  let player: RunEngine | null = null;
  const receive = createEventSink(runs);

  function note(outcome: Outcome<unknown>): void {
    if (!outcome.ok) store.setState({ notice: outcome.fault });
  }

  /** Says why a command was refused, unless its run has ended meanwhile: nobody waits for that answer. */
  function noteOf(id: string, outcome: Outcome<unknown>): void {
    if (isActive(runs.entry(id))) note(outcome);
  }

  function fail(id: string, fault: Fault): void {
    const run = runs.entry(id);
    if (!run || !isActive(run)) return;
    runs.patch(id, { status: 'failed', fault, requested: null, activity: '' });
    store.setState({ milestone: `${run.label} failed.` });
  }

  function onDeath(fault: Fault): void {
    client = null;
    store.setState({ info: null, memory: null, rate: null });
    const lost = store.getState().runs.filter(run => run.origin === 'live' && isActive(run));
    for (const { id } of lost) fail(id, fault);
    if (lost.length === 0) store.setState({ notice: fault });
  }

  function worker(): LabClient {
    if (!client) {
      client = createClient(receive, onDeath);
      void client.setPace(store.getState().pace);
    }
    return client;
  }

  const engineOf = ({ origin }: RunEntry): RunEngine => (origin === 'replay' && player ? player : worker());

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

  /** Ends the run there is, and starts another. */
  function start(paused: boolean, replay = replayRecord()): void {
    const { gpu, readOnly, pace } = store.getState();
    if (!replay && (readOnly || gpu.kind === 'none' || config.store.getState().problems.length > 0)) return;
    stop();
    const run = enter(
      replay?.receipt.config ?? normalizeConfig(config.store.getState().draft),
      replay !== null,
    );
    if (replay) {
      player = createReplayEngine(replay, receive);
      void player.setPace(pace);
    }
    const { id, label } = run;
    void engineOf(run)
      .start({ id, label, config: run.config, paused })
      .then(outcome => {
        if (!outcome.ok) fail(id, outcome.fault);
      });
    if (paused) command(run, 'step');
  }

  function command(run: RunEntry, name: 'resume' | 'step' | 'inspect'): void {
    const engine = engineOf(run);
    void engine[name](run.id).then(outcome => noteOf(run.id, outcome));
  }

  /** Shows the wish until it takes effect, or is refused. */
  function request(run: RunEntry, requested: 'pause' | 'stop'): void {
    runs.patch(run.id, { requested });
    const engine = engineOf(run);
    void engine[requested](run.id).then(outcome => {
      noteOf(run.id, outcome);
      if (!outcome.ok && runs.entry(run.id)?.requested === requested) runs.patch(run.id, { requested: null });
    });
  }

  function stop(): void {
    const run = runs.current();
    if (run && isActive(run)) request(run, 'stop');
  }

  const currentLive = (): RunEntry | undefined => {
    const run = runs.current();
    return run?.origin === 'live' ? run : undefined;
  };

  return {
    runOrPause() {
      const run = runs.current();
      if (!run || !isActive(run)) return start(false);
      if (run.status === 'preparing' || run.requested) return;
      if (run.status === 'paused') command(run, 'resume');
      else request(run, 'pause');
    },
    step() {
      const run = runs.current();
      if (!run || !isActive(run)) start(true);
      else if (run.status === 'paused') command(run, 'step');
    },
    stop,
    reset() {
      stop();
      store.setState({ currentId: null, shownId: RECORDED_ID, rate: null, notice: null });
    },
    restart: () => start(false),
    replay: () => start(false, runs.data(RECORDED_ID).toRecord()),
    resumeKept(id) {
      const run = runs.entry(id);
      if (!run || isActive(run) || store.getState().readOnly) return;
      // The worker ends its own run, once the other is read.
      if (runs.current()?.origin === 'replay') stop();
      void resumeRun(runs, worker(), run);
    },
    inspect() {
      const run = currentLive();
      if (run && isActive(run)) command(run, 'inspect');
    },
    recover() {
      const run = currentLive();
      if (run?.status !== 'failed') return;
      void worker()
        .recover(run.id)
        .then(outcome => {
          if (!outcome.ok) return note(outcome);
          const { step } = outcome.value;
          runs.data(run.id).apply({ type: 'rewound', step });
          runs.patch(run.id, { fault: null, step });
        });
    },
    setPace(milliseconds) {
      store.setState({ pace: milliseconds });
      for (const engine of [client, player])
        void engine?.setPace(milliseconds).then(outcome => {
          // A worker that died meanwhile has said so.
          if (engine === client || engine === player) note(outcome);
        });
    },
    setLive(settings) {
      const run = currentLive();
      if (!run || !isActive(run)) return;
      void worker()
        .setLive(run.id, settings)
        .then(outcome => {
          if (!outcome.ok) return noteOf(run.id, outcome);
          const now = runs.entry(run.id)?.config ?? run.config;
          runs.patch(run.id, { config: withLive(now, settings) });
        });
    },
    show: id => store.setState({ shownId: id }),
    dismissNotice: () => store.setState({ notice: null }),
    async record(id) {
      const held = runs.entry(id)?.origin === 'live' ? await client?.record(id) : undefined;
      return held?.ok ? held.value : runs.data(id).toRecord();
    },
    client: worker,
  };
}
