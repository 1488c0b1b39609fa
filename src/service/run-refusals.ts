import { LabError, type Fault } from '../contract/errors.ts';
import type { RunStatus } from '../protocol/lab-api.ts';

export const inState = (action: string, status: string, nextStep: string): LabError =>
  refusal('E_RUN_STATE', `cannot ${action}: the run is ${status}`, nextStep);

export function notRecoverable(status: RunStatus): LabError {
  return refusal(
    'E_NOT_RECOVERABLE',
    `the run is ${status} and no weights are kept to go back to`,
    'Start the run again: the same seed gives the same run.',
  );
}

/** A command named a run that is not the current one. */
export const runGone = (): LabError =>
  refusal(
    'E_RUN_GONE',
    'the training worker no longer holds this run: another was started, or the worker was restarted',
    'Resume the run where it is kept, or start it again: the same seed gives the same run.',
    'Nothing was changed; no other run was touched.',
  );

/** A kept run was stopped, or another was started, while its files were read. */
export const givenUp = (): LabError =>
  refusal(
    'E_RUN_GONE',
    'the run was stopped, or another was started, before its checkpoint was read',
    'Resume it again.',
    'It did not go on; what is kept of it is unchanged.',
  );

export const noWeights = (): LabError =>
  new LabError({
    code: 'E_EXPORT_NONE',
    message: 'the run has no weights yet',
    consequence: 'Nothing was written.',
    nextStep: 'Wait for its first evaluation: weights are kept there and at every later one.',
  });

function refusal(
  code: Fault['code'],
  message: string,
  nextStep: string,
  consequence = 'Nothing was changed.',
): LabError {
  return new LabError({ code, message, consequence, nextStep });
}
