import type { LabEvent, RunStatus } from '../protocol/lab-api.ts';
import type { LiveSettings } from '../settings/run-config.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { KeptStatus } from '../protocol/kept-runs.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import type { StoredRun } from '../run/checkpoint-file.ts';
import { describeFailure, describeReturn, isDeviceLost } from './failures.ts';
import type { OpenModel } from '../assets/open-model.ts';
import type { RunStudent } from './export-run.ts';
import type { RunSaver } from './run-saver.ts';
import type { Run, RunBegin } from './run-state.ts';
import { beginRun, FINAL, keepRequest, rewound, waitUntil, waitWhile } from './run-state.ts';
import { inState, notRecoverable, noWeights } from './run-refusals.ts';
import { session, type SessionEvent } from '../run/session.ts';

/** Where the lab comes from: opened at the first run, and anew after its device was lost. */
export type LabSource = (tell: (activity: string) => void) => Promise<OpenModel>;

type Saver = Pick<RunSaver, 'keep'>;

/** Beside evaluations a checkpoint is taken where a run is held, and where the last is so old. */
const CHECKPOINT_MS = 20_000;

/**
 * Drives one session at a time for a person: pause, single steps, stop, pace, live settings, recovery. Pausing is not asking the
 * session for its next event, so it takes effect between steps and holds the GPU memory.
 */
export class RunHost {
  readonly #openModel: LabSource;
  readonly #emit: (event: LabEvent) => void;
  readonly #saver: Saver | null;
  #run: Run | undefined;
  #loop: Promise<void> = Promise.resolve();
  #pace = 0;

  /** @param saver writes runs where they survive the thread; null keeps none */
  constructor(openModel: LabSource, emit: (event: LabEvent) => void, saver: Saver | null = null) {
    this.#openModel = openModel;
    this.#emit = emit;
    this.#saver = saver;
  }

  /** Ends the run before it and starts another; returns once it is accepted. `stored`: it goes on from there. */
  async start(begin: RunBegin, stored?: StoredRun): Promise<void> {
    let ended: Promise<void> | undefined;
    // Another start may have been accepted meanwhile, and two runs at once would share the lab.
    while (ended !== this.#loop) {
      this.stop();
      ended = this.#loop;
      await ended;
    }
    this.#run = beginRun(begin, stored);
    this.#loop = this.#drive(this.#run, stored?.checkpoint);
  }

  pause(): void {
    const run = this.#current('pause');
    run.paused = true;
    if (run.status === 'running') this.#status(run, 'paused');
  }

  resume(): void {
    const run = this.#current('resume');
    run.paused = false;
    if (run.status === 'paused') this.#status(run, 'running');
    run.wake();
  }

  step(): void {
    const run = this.#current('step');
    if (!run.paused || FINAL.has(run.status)) throw inState('step', run.status);
    run.allowance++;
    run.wake();
  }

  /** Has the student read token by token before its next step. */
  inspect(): void {
    const run = this.#current('inspect');
    if (FINAL.has(run.status)) throw inState('inspect', run.status);
    run.inspectRequested = true;
    run.wake();
  }

  /** Ends the run, if there is one, at the next boundary; its memory is freed then. */
  stop(): void {
    const run = this.#run;
    if (run && !FINAL.has(run.status)) this.#status(run, 'stopped');
    run?.wake();
  }

  setLive(settings: LiveSettings): void {
    const run = this.#current('change settings');
    run.live.changes.push({ ...settings, step: run.begun + 1 });
    const { receipt } = run.recorder;
    if (receipt)
      this.#handle(run, { type: 'receipt', receipt: { ...receipt, liveChanges: [...run.live.changes] } });
  }

  /** Leaves rows out of Cross-SFT for the rest of it. @throws LabError `E_RUN_STATE` once it is over. */
  setDropped(rows: readonly number[]): { readonly dropped: readonly number[] } {
    const run = this.#current('drop rows');
    if (run.calibrated || FINAL.has(run.status)) throw inState('drop rows', run.status);
    const { dropped } = run.live;
    dropped.clear();
    for (const row of rows) dropped.add(row);
    run.recorder.apply({ type: 'dropped', rows: new Set(rows) });
    return { dropped: [...dropped] };
  }

  /** Milliseconds that a step takes at the least. */
  setPace(minimumStepMilliseconds: number): void {
    this.#pace = Math.max(0, minimumStepMilliseconds);
    this.#run?.wake();
  }

  /** Puts a failed run back to its last checkpoint, paused. @throws LabError `E_NOT_RECOVERABLE` where there is none. */
  recover(): { step: number } {
    const run = this.#current('recover');
    if (run.status !== 'failed' || !run.checkpoint) throw notRecoverable(run.status);
    run.paused = true;
    this.#loop = this.#drive(run, rewound(run, run.checkpoint));
    return { step: run.step };
  }

  /** The run so far. @throws LabError where there is none yet. */
  record(): RunRecord {
    const record = this.#current('record').recorder.toRecord();
    if (record) return record;
    throw inState('record', 'preparing');
  }

  /** The student as of the last checkpoint. @throws LabError `E_EXPORT_NONE` before the first one. */
  student(): RunStudent {
    const { config, checkpoint } = this.#run ?? {};
    if (!config || !checkpoint) throw noWeights();
    const { step, learner, calibrated } = checkpoint;
    return { config, step, values: learner.trainable, calibrated };
  }

  async #drive(run: Run, from?: Checkpoint): Promise<void> {
    try {
      await this.#play(run, from);
      if (!FINAL.has(run.status)) this.#status(run, 'finished');
      this.#keep(run, run.status === 'stopped' ? 'stopped' : 'finished');
    } catch (error) {
      const { checkpoint } = run;
      if (isDeviceLost(error) && checkpoint && !run.retried && !FINAL.has(run.status)) {
        run.retried = true;
        const { step } = rewound(run, checkpoint);
        this.#emit({ type: 'rewound', runId: run.id, step, fault: describeReturn(error, step) });
        return this.#drive(run, checkpoint);
      }
      const fault = describeFailure(error, checkpoint?.step, run.retried);
      run.recorder.apply({ type: 'fault', fault });
      this.#emit({ type: 'fault', runId: run.id, fault });
      this.#status(run, 'failed');
      this.#keep(run, 'failed');
    }
  }

  async #play(run: Run, from?: Checkpoint): Promise<void> {
    this.#status(run, 'preparing');
    const lab = await this.#openModel(text => {
      if (!FINAL.has(run.status)) this.#status(run, run.status, text);
    });
    if (!FINAL.has(run.status)) this.#status(run, run.paused ? 'paused' : 'running');
    let began = performance.now();
    for await (const event of session(lab, run.config, run.live, from)) {
      // A step that was under way when the run was stopped belongs to it, or its weights would be a step ahead of its record.
      if (!FINAL.has(run.status) || event.type === 'step') this.#handle(run, event);
      if (event.type === 'step') {
        await waitUntil(run, () => began + this.#pace);
        began = performance.now();
      }
      // A person who pauses wants the next step held back, not the evaluation that belongs to the last one.
      if (event.type === 'boundary' && !FINAL.has(run.status)) await this.#boundary(run, event);
      if (!FINAL.has(run.status)) continue;
      // Here, where the session is still open: its buffers go with it.
      await this.#take(run);
      break;
    }
    if (run.status === 'stopped') this.#status(run, 'stopped');
  }

  async #boundary(run: Run, event: Extract<SessionEvent, { type: 'boundary' }>): Promise<void> {
    run.take = 'checkpoint' in event ? event.checkpoint : undefined;
    if (event.review) {
      run.paused = true;
      this.#status(run, 'paused', 'Waiting for a look at the crossed set');
    }
    if (run.paused || performance.now() - run.takenAt > CHECKPOINT_MS) await this.#take(run);
    await this.#look(run, event);
    if (run.paused) run.allowance = Math.max(0, run.allowance - 1);
    if (run.take) run.begun = run.step + 1;
  }

  /** Waits where the run is held, and has the student read as often as that is asked for. */
  async #look(run: Run, event: Extract<SessionEvent, { type: 'boundary' }>): Promise<void> {
    for (;;) {
      await waitWhile(run, () => run.paused && run.allowance === 0 && !run.inspectRequested);
      if (!run.inspectRequested || FINAL.has(run.status)) return;
      run.inspectRequested = false;
      const records = 'inspect' in event ? await event.inspect() : [];
      if (records.length > 0) this.#handle(run, { type: 'inspections', records });
    }
  }

  /** Takes a checkpoint between steps, where there is something new to take. */
  async #take(run: Run): Promise<void> {
    if (run.checkpoint?.step === run.step) return;
    const checkpoint = await run.take?.();
    if (checkpoint) this.#took(run, checkpoint);
  }

  #took(run: Run, checkpoint: Checkpoint): void {
    run.checkpoint = checkpoint;
    run.takenAt = performance.now();
    if (!FINAL.has(run.status)) this.#keep(run, 'going');
  }

  #keep(run: Run, status: KeptStatus): void {
    const request = keepRequest(run, status);
    if (request) this.#saver?.keep(request);
  }

  #handle(run: Run, event: SessionEvent): void {
    run.recorder.apply(event);
    if (event.type === 'activity') this.#status(run, run.status, event.text);
    else if (event.type === 'checkpoint') this.#took(run, event.checkpoint);
    else if (event.type !== 'boundary') {
      if (event.type === 'calibration') run.calibrated = true;
      if (event.type === 'step') run.step = event.record.step;
      this.#emit({ ...event, runId: run.id });
    }
  }

  #status(run: Run, status: RunStatus, activity = run.activity): void {
    Object.assign(run, { status, activity });
    this.#emit({ type: 'status', runId: run.id, status, step: run.step, activity });
  }

  #current(action: string): Run {
    if (this.#run) return this.#run;
    throw inState(action, 'idle');
  }
}
