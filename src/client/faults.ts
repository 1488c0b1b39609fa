import type { Fault } from '../contract/errors.ts';

const DATA_KEPT =
  'Everything that reached this page is kept and can be downloaded; what was learnt since the last checkpoint is lost.';
const RESTART =
  'Resume the run where a checkpoint is kept, or restart the worker and run again; the same seed gives the same run.';

/** The worker threw outside of any call, or its script did not load. */
export function workerCrashed(message: string): Fault {
  return {
    code: 'E_WORKER_CRASHED',
    message: `the training worker crashed: ${message || 'its script did not load'}`,
    consequence: DATA_KEPT,
    nextStep: RESTART,
  };
}

/** The worker answered no heartbeat for `seconds`. */
export function workerSilent(seconds: number): Fault {
  return {
    code: 'E_WORKER_SILENT',
    message: `the training worker has not answered for ${seconds} s`,
    consequence: DATA_KEPT,
    nextStep: RESTART,
  };
}

/** The thread that manages kept runs crashed; it does not train. */
export function keeperCrashed(message: string): Fault {
  return {
    code: 'E_WORKER_CRASHED',
    message: `the worker that reads kept runs crashed: ${message || 'its script did not load'}`,
    consequence: 'It is not known whether the request took effect; a run in progress is not touched by it.',
    nextStep: 'Try again: a new worker starts.',
  };
}

/** A call had no answer within its deadline, though the worker may live. */
export function noAnswer(method: string, seconds: number): Fault {
  return {
    code: 'E_NO_ANSWER',
    message: `the worker did not answer “${method}” within ${seconds} s`,
    consequence: 'It is not known whether the request took effect.',
    nextStep: 'Look at the run, and try again; if it stays so, reload the page.',
  };
}

/** A call was made to, or pending in, a worker that has ended. */
export function workerGone(method: string): Fault {
  return {
    code: 'E_WORKER_GONE',
    message: `“${method}” was not answered: the training worker is gone`,
    consequence: DATA_KEPT,
    nextStep: RESTART,
  };
}

/** A call failed in a way that the worker did not describe. */
export function callFailed(method: string, error: unknown): Fault {
  return {
    code: 'E_CALL_FAILED',
    message: `“${method}” failed: ${error instanceof Error ? error.message : String(error)}`,
    consequence: 'It is not known whether the request took effect; what reached this page is kept.',
    nextStep: 'Try again; if it stays so, reload the page.',
  };
}
