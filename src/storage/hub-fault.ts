import { LabError, type Fault } from '../contract/errors.ts';

/** What of a fault differs from one refusal of the hub to the next. */
export type HubFaultDetails = Pick<Fault, 'message' | 'nextStep'> & Partial<Fault>;

/** A refusal of hub or connection. Unless `details` says otherwise it has changed nothing. */
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

/** A failure that may pass: asked again after a wait, and thrown as `error` once patience is at an end. */
export class PassingFailure extends Error {
  override readonly name = 'PassingFailure';
  readonly error: LabError;
  /** What the server asks to wait, or null. */
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
    nextStep: 'Download the model again to go on from where it stopped.',
  });
}
