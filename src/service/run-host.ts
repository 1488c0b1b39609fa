import type { OpenModel } from '../assets/open-model.ts';
import type { LabEvent, LabInfo, RunControls, RunStart, RunStatus } from '../protocol/lab-api.ts';
import type { KeptStatus } from '../protocol/kept-runs.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { Checkpoint } from '../run/checkpoint.ts';
import type { StoredRun } from '../run/checkpoint-file.ts';
import { session, type SessionEvent } from '../run/session.ts';
import type { LiveSettings, RunConfig } from '../settings/run-config.ts';
import type { RunStudent } from './export-run.ts';
import { describeReturn, describeRunFailure, isDeviceLost } from './failures.ts';
import { givenUp, inState, notRecoverable, noWeights, runGone } from './run-refusals.ts';
import type { RunSaver } from './run-saver.ts';
import { beginRun, FINAL, keepRequest, rewind, waitUntil, waitWhile, type Run } from './run-state.ts';

/** Opens the model that a run needs, or finds it open; called again after its device was lost. */
export type ModelSource = (config: RunConfig, tell: (activity: string) => void) => Promise<OpenModel>;

/** Besides evaluations, a checkpoint is taken where a run pauses, and when the last is this old. */
const CHECKPOINT_MS = 20_000;

/**
 * Drives one session at a time for the user: pause, single steps, stop, pace, live settings, recovery. Pausing is not asking the session
 * for its next event, so it takes effect between steps and holds the GPU memory. The run that was started last is the only one that
 * commands reach.
 */
export class RunHost implements RunControls {
  readonly #openModel: ModelSource;
  readonly #emit: (event: LabEvent) => void;
  readonly #saver: Pick<RunSaver, 'keep'> | null;
  #run: Run | undefined;
  /** A kept run whose files are being read: a stop, or another start, abandons it. */
  #awaited: { readonly id: string } | undefined;
  /** Runs take turns: two at once would share the device. */
  #loop: Promise<void> = Promise.resolve();
  #pace = 0;

  /** @param saver writes runs where they survive the thread; null keeps none */
  constructor(
    openModel: ModelSource,
    emit: (event: LabEvent) => void,
    saver: Pick<RunSaver, 'keep'> | null = null,
  ) {
    this.#openModel = openModel;
    this.#emit = emit;
    this.#saver = saver;
  }

  /** The settings of the run that has not ended, if there is one. */
  get going(): RunConfig | undefined {
    return this.#run && !FINAL.has(this.#run.status) ? this.#run.config : undefined;
  }

  /** Ends the previous run and starts another, from the state in `stored` if given. */
  start(begin: RunStart, stored?: StoredRun): void {
    this.#awaited = undefined;
    if (this.#run) this.#end(this.#run);
    const run = beginRun(begin, stored);
    this.#run = run;
    this.#loop = this.#loop.then(() => this.#drive(run, stored?.checkpoint));
  }

  /**
   * Starts a kept run once it is read; until then the current run continues.
   * @throws LabError `E_RUN_GONE` where the run was stopped, or another started, while it was read; as `read`.
   */
  async startKept<T>(id: string, read: () => Promise<readonly [RunStart, StoredRun, T]>): Promise<T> {
    const awaited = { id };
    this.#awaited = awaited;
    try {
      const [begin, stored, result] = await read();
      if (this.#awaited !== awaited) throw givenUp();
      this.start(begin, stored);
      return result;
    } finally {
      if (this.#awaited === awaited) this.#awaited = undefined;
    }
  }

  pause(runId: string): void {
    const run = this.#named(runId);
    run.paused = true;
    if (run.status === 'running') this.#status(run, 'paused');
  }

  resume(runId: string): void {
    const run = this.#named(runId);
    run.paused = false;
    if (run.status === 'paused') this.#status(run, 'running');
    run.wake();
  }

  step(runId: string): void {
    const run = this.#named(runId);
    if (!run.paused || FINAL.has(run.status)) throw inState('step', run.status, 'Pause the run first.');
    run.allowance++;
    run.wake();
  }

  inspect(runId: string): void {
    const run = this.#named(runId);
    if (FINAL.has(run.status)) throw inState('inspect', run.status, 'Resume the run, or start another.');
    run.inspectRequested = true;
    run.wake();
  }

  /** Ends the run at the next boundary; its memory is freed then. */
  stop(runId: string): void {
    if (this.#awaited?.id === runId) this.#awaited = undefined;
    else this.#end(this.#named(runId));
  }

  setLive(runId: string, settings: LiveSettings): void {
    const run = this.#named(runId);
    run.live.changes.push({ ...settings, step: run.begun + 1 });
    const { receipt } = run.recorder;
    if (receipt)
      this.#handle(run, { type: 'receipt', receipt: { ...receipt, liveChanges: [...run.live.changes] } });
  }

  /** Leaves rows out of Cross-SFT for the rest of it. @throws LabError `E_RUN_STATE` once it is over. */
  setDropped(runId: string, rows: readonly number[]): { readonly dropped: readonly number[] } {
    const run = this.#named(runId);
    if (run.calibrated || FINAL.has(run.status))
      throw inState('drop rows', run.status, 'Drop them before the teacher has learnt, in another run.');
    const { dropped } = run.live;
    dropped.clear();
    for (const row of rows) dropped.add(row);
    run.recorder.apply({ type: 'dropped', rows: new Set(rows) });
    return { dropped: [...dropped] };
  }

  /** Least milliseconds a step takes. */
  setPace(minimumStepMilliseconds: number): void {
    this.#pace = Math.max(0, minimumStepMilliseconds);
    this.#run?.wake();
  }

  /** Puts a failed run back to its last checkpoint, paused. @throws LabError `E_NOT_RECOVERABLE` where there is none. */
  recover(runId: string): { readonly step: number } {
    const run = this.#named(runId);
    const { status, checkpoint } = run;
    if (status !== 'failed' || !checkpoint) throw notRecoverable(status);
    rewind(run, checkpoint);
    run.paused = true;
    this.#status(run, 'preparing');
    this.#loop = this.#loop.then(() => this.#drive(run, checkpoint));
    return { step: run.step };
  }

  /** The run so far. @throws LabError where there is nothing yet. */
  record(runId: string): RunRecord {
    const record = this.#named(runId).recorder.toRecord();
    if (record) return record;
    throw inState('record', 'preparing', 'Wait until it has begun.');
  }

  /** The student as of the last checkpoint. @throws LabError `E_EXPORT_NONE` before the first one. */
  student(runId: string): RunStudent {
    const { config, checkpoint } = this.#named(runId);
    if (!checkpoint) throw noWeights();
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
        rewind(run, checkpoint);
        this.#emit({
          type: 'rewound',
          runId: run.id,
          step: run.step,
          fault: describeReturn(error, run.step),
        });
        return this.#drive(run, checkpoint);
      }
      // Nothing waits for a run that was stopped before it had anything.
      if (run.status === 'stopped' && !run.recorder.toRecord()) return;
      const fault = describeRunFailure(error, checkpoint?.step, run.retried);
      run.recorder.apply({ type: 'fault', fault });
      this.#emit({ type: 'fault', runId: run.id, fault });
      this.#status(run, 'failed');
      this.#keep(run, 'failed');
    }
  }

  async #play(run: Run, from?: Checkpoint): Promise<void> {
    // It may have been stopped before its turn came, or while its model was opened.
    if (FINAL.has(run.status)) return;
    this.#status(run, 'preparing');
    const model = await this.#openModel(run.config, text => {
      if (!FINAL.has(run.status)) this.#status(run, run.status, text);
    });
    this.#emit({ type: 'opened', runId: run.id, info: deviceOf(model) });
    if (FINAL.has(run.status)) return;
    this.#status(run, run.paused ? 'paused' : 'running');
    let began = performance.now();
    for await (const event of session(model, run.config, run.live, from)) {
      // A step that was under way when the run was stopped belongs to it, or its weights would be a step ahead of its record.
      if (!FINAL.has(run.status) || event.type === 'step') this.#handle(run, event);
      if (event.type === 'step') {
        await waitUntil(run, () => began + this.#pace);
        began = performance.now();
      }
      // Pausing holds back the next step, not the evaluation that belongs to the last one.
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

  /** Waits while the run is paused, and inspects the student as often as requested. */
  async #look(run: Run, event: Extract<SessionEvent, { type: 'boundary' }>): Promise<void> {
    for (;;) {
      await waitWhile(run, () => run.paused && run.allowance === 0 && !run.inspectRequested);
      if (!run.inspectRequested || FINAL.has(run.status)) return;
      run.inspectRequested = false;
      const records = 'inspect' in event ? await event.inspect() : [];
      if (records.length > 0) this.#handle(run, { type: 'inspections', records });
    }
  }

  /** Takes a checkpoint between steps, if there is something new. */
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

  #end(run: Run): void {
    if (!FINAL.has(run.status)) this.#status(run, 'stopped');
    run.wake();
  }

  #status(run: Run, status: RunStatus, activity = run.activity): void {
    Object.assign(run, { status, activity });
    this.#emit({ type: 'status', runId: run.id, status, step: run.step, activity });
  }

  #named(runId: string): Run {
    if (this.#run?.id === runId) return this.#run;
    throw runGone();
  }
}

function deviceOf({ gpu }: OpenModel): LabInfo {
  const { vendor, architecture, description } = gpu.device.adapterInfo;
  return { gpuAdapter: { vendor, architecture, description }, software: gpu.tuning.software };
}
