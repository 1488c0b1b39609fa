import { DEFAULT_HUB, hubBase } from './hub-address.ts';
import { cancelled, hubError, PassingFailure } from './hub-fault.ts';
import { refusal, subjectName, type Subject } from './hub-status.ts';

/** Consecutive failures without progress after which a request is given up. */
const MOST_FAILURES = 5;
/** Longer waits are left to the user. */
const LONGEST_WAIT_SECONDS = 60;

export interface HubConnection {
  readonly base: string;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** The wait after the first failure; it doubles with each further one. */
  readonly waitMilliseconds: number;
  /** A connection without data for this long counts as broken. */
  readonly silenceMilliseconds: number;
}

/**
 * @param address absolute URL of the hub, a mirror, or a folder on the page's own host with the hub's layout
 * @throws LabError `E_HUB_ADDRESS`.
 */
export function connectHub(
  address: string = DEFAULT_HUB,
  options: Partial<Omit<HubConnection, 'base'>> = {},
): HubConnection {
  return {
    base: hubBase(address),
    fetch: (url, init) => fetch(url, init),
    waitMilliseconds: 500,
    silenceMilliseconds: 60_000,
    ...options,
  };
}

/** One request: what it asks for, and from which byte. */
export interface HubRequest {
  readonly url: string;
  readonly subject: Subject;
  readonly from?: number;
  readonly signal?: AbortSignal | undefined;
}

/** The body in pieces as the network delivers them. Continuing to read keeps the connection from counting as stalled. */
export type Body = AsyncIterable<Uint8Array<ArrayBuffer>>;

async function* pieces(response: Response, heard: () => void): Body {
  if (!response.body) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      heard();
      yield value;
    }
  } finally {
    // A reader that stops early wants no more; a body that failed has nothing to cancel.
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * One GET, without cookies, referrer or the browser's cache, which would keep a second copy of the model. `consume` gets the response (2xx,
 * or 416 to a range request) and its body, and must not keep the body.
 *
 * `Range` alone needs no preflight, which servers behind the hub's redirects may refuse; so `If-Range` is not sent, and the response's ETag
 * is compared instead.
 * @throws LabError when retrying would not help, PassingFailure when it may.
 */
export async function request<T>(
  connection: HubConnection,
  { url, subject, from = 0, signal }: HubRequest,
  consume: (response: Response, body: Body) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  signal?.addEventListener('abort', stop);
  if (signal?.aborted) stop();
  let silent = false;
  const timer = (): ReturnType<typeof setTimeout> =>
    setTimeout(() => {
      silent = true;
      stop();
    }, connection.silenceMilliseconds);
  let running = timer();
  const heard = (): void => {
    clearTimeout(running);
    running = timer();
  };
  const file = subjectName(subject);
  let response: Response | undefined;
  try {
    response = await connection.fetch(url, {
      signal: controller.signal,
      cache: 'no-store',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      ...(from > 0 && { headers: { Range: `bytes=${from}-` } }),
    });
    heard();
    if (!response.ok && !(response.status === 416 && from > 0)) {
      await response.body?.cancel().catch(() => undefined);
      throw refusal(response, subject);
    }
    return await consume(response, pieces(response, heard));
  } catch (error) {
    if (signal?.aborted) throw cancelled(file);
    // Fetch and bodies fail with TypeError, or with the abort of a stalled connection; everything else comes from `refusal` or `consume`.
    if (!(error instanceof TypeError) && !(silent && error instanceof DOMException)) throw error;
    const offline = typeof navigator === 'object' && 'onLine' in navigator && !navigator.onLine;
    const failure = response
      ? hubError(
          'CUT',
          {
            message: silent ? 'the server stopped sending' : 'the connection broke',
            file,
            nextStep: 'Download the model again: it resumes where it broke off.',
          },
          error,
        )
      : hubError(
          'UNREACHABLE',
          {
            message: offline
              ? 'this browser is offline'
              : `${new URL(url).host} ${silent ? 'does not answer' : 'cannot be reached, or this page may not ask it'}`,
            file,
            nextStep: 'Check the connection and try again, or open a model from your disk.',
          },
          error,
        );
    throw new PassingFailure(failure);
  } finally {
    clearTimeout(running);
    signal?.removeEventListener('abort', stop);
  }
}

function wait(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(done => {
    const timer = setTimeout(end, milliseconds);
    function end(): void {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      done();
    }
    signal?.addEventListener('abort', end);
    if (signal?.aborted) end();
  });
}

/**
 * Retries `task` after temporary failures, with growing waits.
 * @param progressed whether the failed attempt made enough progress to restart the count of failures
 * @throws LabError of the last failure, or `E_HUB_CANCELLED`.
 */
export async function persevere<T>(
  connection: HubConnection,
  signal: AbortSignal | undefined,
  task: () => Promise<T>,
  progressed: () => boolean = () => false,
): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await task();
    } catch (error) {
      if (!(error instanceof PassingFailure)) throw error;
      if (progressed()) failures = 1;
      const seconds = error.waitSeconds ?? 0;
      if (failures >= MOST_FAILURES || seconds > LONGEST_WAIT_SECONDS) throw error.error;
      await wait(Math.max(seconds * 1000, connection.waitMilliseconds * 2 ** (failures - 1)), signal);
      if (signal?.aborted) throw cancelled(error.error.fault.file);
    }
  }
}

/**
 * The whole of a small text response of at most `limit` bytes.
 * @throws LabError `E_HUB_ANSWER` where it is longer or not UTF-8.
 */
export async function readText(body: Body, limit: number, subject: Subject): Promise<string> {
  const refuse = (message: string): never => {
    throw hubError('ANSWER', {
      message,
      file: subjectName(subject),
      nextStep: 'Check the hub’s address, and try again later.',
    });
  };
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let [text, length] = ['', 0];
  for await (const piece of body) {
    length += piece.byteLength;
    if (length > limit) refuse(`the response is longer than ${limit} bytes`);
    try {
      text += decoder.decode(piece, { stream: true });
    } catch {
      refuse('the response is not text');
    }
  }
  try {
    return text + decoder.decode();
  } catch {
    return refuse('the response is not text');
  }
}
