import { refuseFile, sized } from './fault.ts';
import { expectRange, fileBytes, type ModelSource } from './model-source.ts';

/** Bytes of each file that are asked for first: small files and most headers in one request. */
const HEAD_BYTES = 2 ** 16;

export interface FetchOptions {
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  readonly signal?: AbortSignal;
}

/** A file of the host, and its first bytes, or all of them. Whoever holds the source owns them. */
interface HostedFile {
  readonly url: string;
  readonly bytes: number;
  readonly head: Uint8Array<ArrayBuffer>;
  /** Names this version of the file, where the host does. */
  readonly tag: string | null;
}

/**
 * A model folder on a static host, such as the page's own. Asks for the first 64 KiB of every file at once; a host that
 * ignores ranges sends all of it, which is then kept in memory as long as the source. Files that are not there are left out.
 * @param baseUrl of the folder; absolute.
 * @param files paths below it that may be there.
 * @throws LabError `E_MODEL_FETCH` when the host cannot be reached or answers otherwise, `E_MODEL_READ` for an answer that was cut.
 * Reading throws these too, and `E_MODEL_CHANGED` when a file is not the same any more.
 */
export async function fetchedSource(
  baseUrl: string,
  name: string,
  files: readonly string[],
  { fetch: ask = (url, init) => fetch(url, init), signal }: FetchOptions = {},
): Promise<ModelSource> {
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  const get = async (path: string, url: string, begin: number, end: number): Promise<Response> => {
    try {
      return await ask(url, {
        headers: { Range: `bytes=${begin}-${end - 1}` },
        ...(signal && { signal }),
      });
    } catch (error) {
      return unreachable(path, error);
    }
  };

  const open = async (path: string): Promise<[string, HostedFile] | null> => {
    const url = new URL(path.split('/').map(encodeURIComponent).join('/'), base).href;
    const response = await get(path, url, 0, HEAD_BYTES);
    if (response.status === 404 || response.status === 410) return null;
    const tag = tagOf(response);
    // A range of an empty file cannot be had.
    if (response.status === 416 && response.headers.get('Content-Range') === 'bytes */0')
      return [path, { url, tag, bytes: 0, head: new Uint8Array(0) }];
    const head = await bodyOf(path, response);
    if (response.status === 200) return [path, { url, tag, bytes: head.byteLength, head }];
    const range = response.status === 206 ? rangeOf(response) : null;
    if (range?.begin !== 0 || range.end !== head.byteLength || range.total < range.end)
      return unexpected(path, response);
    return [path, { url, tag, bytes: range.total, head }];
  };

  const opened = await Promise.all(files.map(open));
  const found = new Map(opened.filter(entry => entry !== null));
  const source: ModelSource = {
    name,
    files: new Map([...found].map(([path, { bytes }]) => [path, bytes])),
    read: async (path, begin = 0, end = fileBytes(source, path)) => {
      expectRange(source, path, begin, end);
      const { url, head, tag, bytes } = found.get(path)!;
      if (begin === end || end <= head.byteLength) return head.slice(begin, end);
      const response = await get(path, url, begin, end);
      if (response.status !== 206) return unexpected(path, response);
      const range = rangeOf(response);
      if (range?.total !== bytes || tagOf(response) !== tag)
        refuseFile(path, {
          code: 'E_MODEL_CHANGED',
          message: 'the file on the host is not the one that was opened',
          place: `bytes ${begin}–${end}`,
          nextStep: 'Open the model again.',
        });
      const body = await bodyOf(path, response);
      if (range.begin !== begin || range.end !== end || body.byteLength !== end - begin)
        return cut(path, body.byteLength, end - begin);
      return body;
    },
  };
  return source;
}

/** `Content-Range: bytes FIRST-LAST/TOTAL` (RFC 9110, section 14.4); null for any other. */
function rangeOf({ headers }: Response): { begin: number; end: number; total: number } | null {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headers.get('Content-Range') ?? '');
  return match && { begin: Number(match[1]), end: Number(match[2]) + 1, total: Number(match[3]) };
}

const tagOf = ({ headers }: Response): string | null => headers.get('ETag') ?? headers.get('Last-Modified');

/** All of an answer, as long as it says it is. An encoded answer's length counts other bytes. */
async function bodyOf(path: string, response: Response): Promise<Uint8Array<ArrayBuffer>> {
  if (!response.ok) return unexpected(path, response);
  let body: Uint8Array<ArrayBuffer>;
  try {
    body = new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    return unreachable(path, error);
  }
  const length = response.headers.get('Content-Length');
  const encoded = response.headers.get('Content-Encoding') ?? 'identity';
  if (length !== null && encoded === 'identity' && Number(length) !== body.byteLength)
    return cut(path, body.byteLength, Number(length));
  return body;
}

const TRY_AGAIN = 'Check the connection and open the model again.';

function unreachable(path: string, cause: unknown): never {
  return refuseFile(
    path,
    { code: 'E_MODEL_FETCH', message: 'the file could not be fetched', nextStep: TRY_AGAIN },
    cause,
  );
}

function unexpected(path: string, response: Response): never {
  return refuseFile(path, {
    code: 'E_MODEL_FETCH',
    message: `the host answered ${response.status} with the range ${JSON.stringify(response.headers.get('Content-Range'))}`,
    nextStep: TRY_AGAIN,
  });
}

function cut(path: string, received: number, expected: number): never {
  return refuseFile(path, {
    code: 'E_MODEL_READ',
    message: `${sized(received)} arrived of ${sized(expected)}`,
    place: `byte ${received}`,
    nextStep: TRY_AGAIN,
  });
}
