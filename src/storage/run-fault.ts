import { LabError, type Fault } from '../contract/errors.ts';

const CONSEQUENCE = 'The run was not opened; what is open is unchanged, and so are the other kept runs.';

/** A kept run that cannot be read, or storage that cannot keep one. `code` follows `E_CHECKPOINT_`. */
export function damagedRun(
  code: string,
  file: string,
  details: Pick<Fault, 'message'> & Partial<Fault>,
  cause?: unknown,
): LabError {
  return new LabError(
    {
      consequence: CONSEQUENCE,
      nextStep: 'Delete the run, and run its settings again: the same seed gives the same run.',
      ...details,
      file,
      code: `E_CHECKPOINT_${code}`,
    },
    cause,
  );
}

export const noRun = (id: string): LabError =>
  damagedRun('NONE', id.slice(0, 80), {
    message: 'this browser keeps no such run',
    nextStep: 'Choose a run from the list.',
  });

/** Why a run could not be written. What was kept before stays. */
export function unwritten(error: unknown, file: string): LabError {
  if (error instanceof LabError && error.fault.code.startsWith('E_CHECKPOINT_')) return error;
  const full =
    (error instanceof LabError && error.fault.code === 'E_STORAGE_FULL') ||
    (error instanceof DOMException && error.name === 'QuotaExceededError');
  return damagedRun(
    full ? 'FULL' : 'WRITE',
    file,
    {
      message: full
        ? 'this browser has no more space for checkpoints'
        : `the checkpoint could not be written: ${error instanceof Error ? error.message : String(error)}`,
      consequence: 'The run goes on; after a reload it can resume only from what was kept before.',
      nextStep: full
        ? 'Delete kept runs or downloaded models, or free space on the disk.'
        : 'Export the run before you close the page.',
    },
    error,
  );
}
