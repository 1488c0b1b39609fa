import { LabError, type Fault } from '../contract/errors.ts';

/** The parts of a fault that differ between refusals by the hub. */
export type HubFaultDetails = Pick<Fault, 'message' | 'nextStep'> & Partial<Fault>;

/** A failure of the hub or the connection. Unless `details` says otherwise, nothing was changed. */
export function hubError(code: string, details: HubFaultDetails, cause?: unknown): LabError {
  return new LabError(
    {
      consequence: 'Nothing was opened; what is open is unchanged. Finished parts of a download are kept.',
      ...details,
      code: `E_HUB_${code}`,
    },
    cause,
  );
}

/** A failure that may be temporary: retried after a wait, and thrown as `error` once the attempts are used up. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure';
  readonly error: LabError;
  /** The wait that the server asks for, or null. */
  readonly waitSeconds: number | null;
  constructor(error: LabError, waitSeconds: number | null = null) {
    super(error.message, { cause: error });
    this.error = error;
    this.waitSeconds = waitSeconds;
  }
}

export function cancelled(file?: string): LabError {
  return hubError('CANCELLED', {
    message: 'the download was cancelled',
    ...(file && { file }),
    nextStep: 'Download the model again to resume where it stopped.',
  });
}
