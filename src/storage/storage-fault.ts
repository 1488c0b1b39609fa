import { LabError, type Fault } from '../contract/errors.ts';

export type StorageFaultDetails = Pick<Fault, 'message' | 'nextStep'> & Partial<Fault>;

/** A refusal of the browser's storage, or of the cache in it. */
export function storageError(code: string, details: StorageFaultDetails, cause?: unknown): LabError {
  return new LabError(
    {
      consequence: 'What is open is unchanged, and so are the other models of the cache.',
      ...details,
      code: `E_STORAGE_${code}`,
    },
    cause,
  );
}

export const isMissing = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'NotFoundError';

export const diskFull = (file: string, message: string, cause?: unknown): LabError =>
  storageError(
    'FULL',
    {
      message,
      file,
      consequence: 'The download stopped; what it had brought before is kept.',
      nextStep: 'Delete a model of the cache, or free space on the disk, and download the model again.',
    },
    cause,
  );

/** What an error of OPFS means. Errors that carry their fault already pass. */
export function storageFailure(error: unknown, file: string): LabError {
  if (error instanceof LabError) return error;
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError') return diskFull(file, 'this browser gives no more space', error);
  if (name === 'NoModificationAllowedError')
    return storageError(
      'BUSY',
      {
        message: 'another tab is writing it',
        file,
        nextStep: 'Wait until the other tab is done, or close it.',
      },
      error,
    );
  return storageError(
    'FAILED',
    {
      message: `this browser could not read or write it: ${error instanceof Error ? error.message : String(error)}`,
      file,
      nextStep: 'Try again; if it stays so, delete the model from the cache.',
    },
    error,
  );
}
