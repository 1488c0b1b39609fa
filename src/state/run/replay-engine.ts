import type { Answered, Outcome } from '../../contract/outcome.ts';
import type { LabEvent, RunControls, RunStatus } from '../../protocol/lab-api.ts';
import type { MeasuredEvent } from '../../record/fold.ts';
import { replayedRun } from '../../record/replayed.ts';
import type { RunRecord } from '../../record/run-record.ts';

/** What drives a run: the worker, or the player of a recorded one. Both report through events. */
export type RunEngine = Answered<RunControls>;

/** Full speed of a replay: slow enough to be seen. */
const QUICKEST_MS = 80;

const DONE: Outcome<null> = { ok: true, value: null };
const GONE = {
  ok: false,
  fault: {
    code: 'E_RUN_GONE',
    message: 'this replay has ended: another is being played',
    consequence: 'Nothing was changed; the other continues.',
    nextStep: 'Replay the recorded run again.',
  },
} as const satisfies Outcome<null>;
const REFUSED = {
  ok: false,
  fault: {
    code: 'E_REPLAY_ONLY',
    message: 'a recorded run is being replayed, so nothing is trained',
    consequence: 'The replay continues unchanged.',
    nextStep: 'Open the page in a browser with WebGPU to train with your own settings.',
  },
} as const satisfies Outcome<null>;

/**
 * Plays a recorded run as the worker would report it: Cross-SFT, the teacher and the base first, then step by step. It answers every
 * control but those that would need training. `listen` gets the same events as from the worker.
 */
export function createReplayEngine(
  record: RunRecord,
  listen: (events: readonly LabEvent[]) => void,
): RunEngine {
  let runId = '';
  let next = 0;
  let status: RunStatus = 'stopped';
  let pace = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const replayed = replayedRun(record);
  const tell = (events: readonly MeasuredEvent[]): void => listen(events.map(event => ({ ...event, runId })));

  function become(changed: RunStatus, activity: string): void {
    status = changed;
    clearTimeout(timer);
    listen([{ type: 'status', runId, status, step: record.steps[next - 1]?.step ?? 0, activity }]);
    if (status === 'running') timer = setTimeout(play, Math.max(QUICKEST_MS, pace));
  }

  function end(): void {
    tell(replayed.closing);
    become('finished', 'Replay finished');
  }

  function advance(): void {
    if (next >= record.steps.length) return;
    tell(replayed.step(next));
    next += 1;
  }

  function play(): void {
    advance();
    if (next < record.steps.length) timer = setTimeout(play, Math.max(QUICKEST_MS, pace));
    else end();
  }

  /** A command about the run that is played; one about a run that was played before answers that it is gone. */
  const about = (act: () => void) => async (id: string) => {
    if (id !== runId) return GONE;
    act();
    return DONE;
  };

  return {
    start: async run => {
      runId = run.id;
      next = 0;
      tell(replayed.opening);
      become(run.paused ? 'paused' : 'running', 'Replaying');
      return DONE;
    },
    pause: about(() => {
      if (status === 'running') become('paused', 'Paused');
    }),
    resume: about(() => {
      if (status === 'paused') become('running', 'Replaying');
    }),
    step: about(() => {
      if (status !== 'paused') return;
      advance();
      if (next < record.steps.length) become('paused', 'Paused');
      else end();
    }),
    stop: about(() => {
      if (status === 'running' || status === 'paused') become('stopped', 'Stopped');
    }),
    setPace: async milliseconds => {
      pace = milliseconds;
      return DONE;
    },
    inspect: async () => REFUSED,
    setLive: async () => REFUSED,
    recover: async () => REFUSED,
  };
}
