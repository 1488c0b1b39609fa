import { LabError, type Fault } from '../contract/errors.ts';
import type { LabEvent, RunStatus } from '../contract/lab-api.ts';
import type { LiveSettings, RunConfig } from '../contract/run-config.ts';
import type { RunRecord } from '../contract/run-record.ts';
import { describeFailure } from './failures.ts';
import type { Lab } from './lab.ts';
import { RunRecorder } from './run-recorder.ts';
import type { RunStudent } from './export-run.ts';
import { session, type Checkpoint, type LiveControls, type SessionEvent } from './session.ts';

/** Where the lab comes from: opened at the first run, and anew after its device was lost. */
export type LabSource = (tell: (activity: string) => void) => Promise<Lab>;

/** A run under way: what it is, where it is, and what its next step waits for. */
interface Run {
  readonly id: string;
  readonly config: RunConfig;
  readonly live: LiveControls;
  readonly recorder: RunRecorder;
  status: RunStatus;
  /** What the person wants; shows in the status once the run is under way. */
  paused: boolean;
  step: number;
  /** Whether the teacher has learnt from the crossed set. */
  calibrated: boolean;
  activity: string;
  checkpoint: Checkpoint | undefined;
  /** Steps that may be taken though the run is paused. */
  allowance: number;
  /** Ends the wait of a paused or paced run. */
  wake: () => void;
}

const FINAL: ReadonlySet<RunStatus> = new Set(['stopped', 'finished', 'failed']);

/**
 * Drives one session at a time for a person: pause, single steps, stop, pace, live settings, recovery. Pausing is not asking the
 * session for its next event, so it takes effect between steps and holds the GPU memory.
 */
export class RunHost {
  readonly #openLab: LabSource;
  readonly #emit: (event: LabEvent) => void;
  #run: Run | undefined;
  #loop: Promise<void> = Promise.resolve();
  #pace = 0;

  constructor(openLab: LabSource, emit: (event: LabEvent) => void) {
    this.#openLab = openLab;
    this.#emit = emit;
  }

  /** Ends the run before it and starts another; returns once it is accepted. */
  async start(id: string, config: RunConfig, paused: boolean): Promise<void> {
    this.stop();
    await this.#loop;
    const { learningRate } = config.optimizer;
    const run: Run = {
      id,
      config,
      live: { learningRate, temperature: config.temperature, changes: [], dropped: new Set() },
      calibrated: false,
      recorder: new RunRecorder(),
      status: 'preparing',
      paused,
      step: 0,
      activity: 'Preparing',
      checkpoint: undefined,
      allowance: 0,
      wake: () => undefined,
    };
    this.#run = run;
    this.#loop = this.#drive(run);
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

  /** Ends the run, if there is one, at the next boundary; its memory is freed then. */
  stop(): void {
    const run = this.#run;
    if (run && !FINAL.has(run.status)) this.#status(run, 'stopped');
    run?.wake();
  }

  setLive(settings: LiveSettings): void {
    const { live, step } = this.#current('change settings');
    if (settings.learningRate !== undefined) live.learningRate = settings.learningRate;
    if (settings.temperature !== undefined) live.temperature = settings.temperature;
    live.changes.push({ ...settings, step: step + 1 });
  }

  /** Leaves rows out of Cross-SFT for the rest of it. @throws LabError `E_RUN_STATE` once it is over. */
  setDropped(rows: readonly number[]): { readonly dropped: readonly number[] } {
    const run = this.#current('drop rows');
    if (run.calibrated || FINAL.has(run.status)) throw inState('drop rows', run.status);
    const { dropped } = run.live;
    dropped.clear();
    for (const row of rows) dropped.add(row);
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
    run.recorder.rewind(run.checkpoint.step);
    run.step = run.checkpoint.step;
    run.paused = true;
    this.#loop = this.#drive(run, run.checkpoint);
    return { step: run.step };
  }

  /** The run so far. @throws LabError where there is none yet. */
  record(): RunRecord {
    const { recorder, live } = this.#current('record');
    const record = recorder.record(live.dropped);
    if (record) return record;
    throw inState('record', 'preparing');
  }

  /** The student as of the last checkpoint. @throws LabError `E_EXPORT_NONE` before the first one. */
  student(): RunStudent {
    const { config, checkpoint } = this.#run ?? {};
    if (config && checkpoint) {
      const { step, learner, calibrated } = checkpoint;
      return { config, step, values: learner.trainable, calibrated };
    }
    throw new LabError({
      code: 'E_EXPORT_NONE',
      message: 'no run has weights yet',
      consequence: 'Nothing was written.',
      nextStep: 'Start a run; weights are kept at its first evaluation and at every later one.',
    });
  }

  async #drive(run: Run, from?: Checkpoint): Promise<void> {
    try {
      this.#status(run, 'preparing');
      const lab = await this.#openLab(text => {
        if (!FINAL.has(run.status)) this.#status(run, run.status, text);
      });
      if (!FINAL.has(run.status)) this.#status(run, run.paused ? 'paused' : 'running');
      let began = performance.now();
      for await (const event of session(lab, run.config, run.live, from)) {
        if (FINAL.has(run.status)) break;
        this.#handle(run, event);
        if (event.type === 'step') {
          await this.#wait(run, () => performance.now() - began < this.#pace);
          began = performance.now();
        }
        // A person who pauses wants the next step held back, not the evaluation that belongs to the last one.
        if (event.type === 'boundary') {
          if (event.review) this.#hold(run);
          await this.#wait(run, () => run.paused && run.allowance === 0);
          if (run.paused) run.allowance = Math.max(0, run.allowance - 1);
        }
        if (FINAL.has(run.status)) break;
      }
      if (!FINAL.has(run.status)) this.#status(run, 'finished');
    } catch (error) {
      const fault = describeFailure(error, run.checkpoint?.step);
      run.recorder.fail(fault);
      this.#emit({ type: 'fault', runId: run.id, fault });
      this.#status(run, 'failed');
    }
  }

  #handle(run: Run, event: SessionEvent): void {
    run.recorder.add(event);
    if (event.type === 'activity') this.#status(run, run.status, event.text);
    else if (event.type === 'checkpoint') run.checkpoint = event.checkpoint;
    else if (event.type !== 'boundary') {
      if (event.type === 'calibration') run.calibrated = true;
      if (event.type === 'step') run.step = event.record.step;
      this.#emit({ ...event, runId: run.id });
    }
  }

  /** Pauses a run that waits for a person to look. */
  #hold(run: Run): void {
    run.paused = true;
    this.#status(run, 'paused', 'Waiting for a look at the crossed set');
  }

  /** Waits while `held`, looking again whenever something changes; a pace is looked at by a timer. */
  async #wait(run: Run, held: () => boolean): Promise<void> {
    while (held() && !FINAL.has(run.status)) {
      await new Promise<void>(resolve => {
        const timer = run.paused ? undefined : setTimeout(resolve, 20);
        run.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
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

function inState(action: string, status: string): LabError {
  return refusal(
    'E_RUN_STATE',
    `cannot ${action}: the run is ${status}`,
    'Start a run, or wait until it has begun.',
  );
}

function notRecoverable(status: RunStatus): LabError {
  return refusal(
    'E_NOT_RECOVERABLE',
    `the run is ${status} and no weights are kept to go back to`,
    'Start the run again: the same seed gives the same run.',
  );
}

function refusal(code: Fault['code'], message: string, nextStep: string): LabError {
  return new LabError({ code, message, consequence: 'Nothing was changed.', nextStep });
}
