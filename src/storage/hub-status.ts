import type { LabError } from '../contract/errors.ts';
import { hubError, PassingFailure } from './hub-fault.ts';

/** What a request asked for: names what is missing where the hub's response does not. */
export interface Subject {
  readonly kind: 'revision' | 'listing' | 'file';
  readonly id: string;
  readonly revision: string;
  /** The requested file; set for `file`. */
  readonly path?: string;
}

/** The requested thing's name in faults. */
export const subjectName = ({ id, path }: Subject): string => (path ? `${id}/${path}` : id);

/** Seconds that `Retry-After` asks for (RFC 9110, section 10.2.3: seconds or a date), or null. */
export function retryAfter(value: string | null, now = Date.now()): number | null {
  if (value === null) return null;
  if (/^\d+$/.test(value.trim())) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}

export function gated(subject: Subject): LabError {
  return hubError('GATED', {
    message: 'this model is available only to people who have agreed to its terms',
    file: subjectName(subject),
    nextStep: 'Download it by hand from its page while signed in there, then open its folder from your disk.',
  });
}

function missing(subject: Subject, code: string | null): LabError {
  const { id, revision, path } = subject;
  const file = subjectName(subject);
  if (code === 'RevisionNotFound' || (code === null && subject.kind === 'listing'))
    return hubError('NO_REVISION', {
      message: `there is no branch, tag or commit ${JSON.stringify(revision)}`,
      file: id,
      nextStep: 'Choose main, or one that the model’s page lists.',
    });
  if (code === 'EntryNotFound' || (code === null && subject.kind === 'file'))
    return hubError('NO_FILE', {
      message: `the hub lists ${path ?? 'a file'} but does not have it`,
      file,
      nextStep: 'Look at the model again: it may just have changed.',
    });
  return hubError('NO_MODEL', {
    message: `there is no public model of this name${code === null ? ', or no such revision' : ''}`,
    file,
    nextStep:
      'Check the spelling on its page. A private model can be downloaded by hand and opened from your disk.',
  });
}

/** The failure that an unsuccessful response stands for (error codes as huggingface_hub's `hf_raise_for_status` reads them). */
export function refusal(response: Response, subject: Subject): LabError | PassingFailure {
  const { status, headers } = response;
  const code = headers.get('X-Error-Code');
  const file = subjectName(subject);
  // Without a login the hub answers 401 for models that do not exist, so as not to reveal private ones.
  const unknown = code === 'RepoNotFound' || (status === 401 && code === null && subject.kind !== 'file');
  if (status === 404 || (status === 401 && unknown)) return missing(subject, unknown ? 'RepoNotFound' : code);
  if (status === 401 || status === 403) return gated(subject);
  if (status === 429) {
    const wait = retryAfter(headers.get('Retry-After'));
    const minutes = wait === null ? 'a few minutes' : wait < 90 ? `${wait} s` : `${Math.ceil(wait / 60)} min`;
    const error = hubError('BUSY', {
      message: 'the hub has had too many requests from this address (429)',
      file,
      nextStep: `Try again in ${minutes}.`,
    });
    return new PassingFailure(error, wait);
  }
  const error = hubError('SERVER', {
    message: `the hub answered ${status}`,
    file,
    nextStep: 'Try again later, or download the model by hand and open its folder from your disk.',
  });
  return status >= 500 || status === 408
    ? new PassingFailure(error, retryAfter(headers.get('Retry-After')))
    : error;
}
