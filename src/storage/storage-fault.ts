import { LabError, type Fault } from '../contract/errors.ts';

export type StorageFaultDetails = Pick<Fault, 'message' | 'nextStep'> & Partial<Fault>;

/** A failure of the browser's storage, or of the cache in it. */
export function storageError(code: string, details: StorageFaultDetails, cause?: unknown): LabError {
  return new LabError(
    {
      consequence: 'What is open is unchanged, and so are the other models in the cache.',
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
      consequence: 'The download stopped; what has arrived is kept.',
      nextStep: 'Delete a model of the cache, or free space on the disk, and download the model again.',
    },
    cause,
  );

/** What an OPFS error means. Errors that already carry a fault pass through. */
export function storageFailure(error: unknown, file: string): LabError {
  if (error instanceof LabError) return error;
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'QuotaExceededError') return diskFull(file, 'the site’s storage quota is used up', error);
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
      nextStep: 'Try again; if that does not help, delete the model from the cache.',
    },
    error,
  );
}
