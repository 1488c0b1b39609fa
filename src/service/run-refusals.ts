import { LabError, type Fault } from '../contract/errors.ts';
import type { RunStatus } from '../protocol/lab-api.ts';

export function inState(action: string, status: string): LabError {
  return refusal(
    'E_RUN_STATE',
    `cannot ${action}: the run is ${status}`,
    'Start a run, or wait until it has begun.',
  );
}

export function notRecoverable(status: RunStatus): LabError {
  return refusal(
    'E_NOT_RECOVERABLE',
    `the run is ${status} and no weights are kept to go back to`,
    'Start the run again: the same seed gives the same run.',
  );
}

export const noWeights = (): LabError =>
  new LabError({
    code: 'E_EXPORT_NONE',
    message: 'no run has weights yet',
    consequence: 'Nothing was written.',
    nextStep: 'Start a run; weights are kept at its first evaluation and at every later one.',
  });

function refusal(code: Fault['code'], message: string, nextStep: string): LabError {
  return new LabError({ code, message, consequence: 'Nothing was changed.', nextStep });
}
