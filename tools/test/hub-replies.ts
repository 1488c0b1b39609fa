import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** A model that the server has; contents by path. Safetensors lie in Git LFS and are redirected to the file host. */
export interface HubModel {
  readonly id: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** As in the hub's answers: people are let in by `auto` or `manual`. */
  readonly gated?: 'auto' | 'manual';
}

/** A way to misbehave: for requests whose path contains `path`, `times` times (for ever where it is not set). */
export interface HubFault {
  readonly path: string;
  readonly times?: number;
  readonly kind:
    | { readonly status: number; readonly code?: string; readonly retryAfter?: number }
    /** The connection breaks after so many bytes of the body. */
    | { readonly cutAfter: number }
    /** Status and length are in order, but of a shorter body. */
    | { readonly shortenTo: number }
    /** Nothing comes any more after so many bytes, and the connection stays. */
    | { readonly silentAfter: number }
    /** A bit of this byte is another. */
    | { readonly wrongByte: number }
    | { readonly extraBytes: number }
    | { readonly withoutRanges: true }
    | { readonly etag: string }
    /** Text in place of the answer. */
    | { readonly body: string };
}

/** As Git LFS names contents. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const blobSha1 = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
/** Whether a file lies in Git LFS. */
export const isLarge = (path: string): boolean => path.endsWith('.safetensors');

/** The commit that `main` names: of the contents, as git's is. */
export function commitOf({ files }: HubModel): string {
  const hash = createHash('sha1');
  for (const [path, bytes] of Object.entries(files)) hash.update(`${path} ${sha256(bytes)}\n`);
  return hash.digest('hex');
}

const CORS = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Expose-Headers': 'X-Error-Code, ETag, Link, Content-Range, Retry-After',
};

/** Entries of the tree of all files. */
export function tree({ files }: HubModel): object[] {
  return Object.entries(files).map(([path, bytes]) => ({
    type: 'file',
    path,
    size: bytes.byteLength,
    oid: blobSha1(bytes),
    ...(isLarge(path) && { lfs: { oid: sha256(bytes), size: bytes.byteLength, pointerSize: 135 } }),
  }));
}

export interface Reply {
  readonly status: number;
  readonly headers?: Record<string, string | number>;
  readonly body?: Uint8Array;
}

export const json = (value: unknown, headers = {}): Reply => ({
  status: 200,
  headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  body: Buffer.from(JSON.stringify(value)),
});
/** With the error code that the hub names in a header. */
export const refuse = (status: number, code?: string): Reply => ({
  status,
  headers: code === undefined ? {} : { 'X-Error-Code': code },
  body: Buffer.from(JSON.stringify({ error: code ?? `status ${status}` })),
});

/** Content from the byte that the request names, under the faults of content and ranges. */
export function content(
  bytes: Uint8Array,
  range: string | undefined,
  fault: HubFault['kind'] | undefined,
): Reply {
  let body: Uint8Array = Uint8Array.from(bytes);
  const etag = fault && 'etag' in fault ? fault.etag : sha256(bytes);
  if (fault && 'wrongByte' in fault) body[fault.wrongByte]! ^= 1;
  if (fault && 'extraBytes' in fault) body = Buffer.concat([body, new Uint8Array(fault.extraBytes)]);
  const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
  const headers = { ETag: `"${etag}"`, 'Accept-Ranges': 'bytes' };
  if (range === undefined || (fault && 'withoutRanges' in fault)) return { status: 200, headers, body };
  if (from >= body.byteLength) return refuse(416);
  const contentRange = `bytes ${from}-${body.byteLength - 1}/${body.byteLength}`;
  return { status: 206, headers: { ...headers, 'Content-Range': contentRange }, body: body.subarray(from) };
}

/** Sends a reply, under the faults of transport. */
export async function send(
  response: ServerResponse,
  { status, headers = {}, body = new Uint8Array() }: Reply,
  fault: HubFault['kind'] | undefined,
): Promise<void> {
  const shortened = fault && 'shortenTo' in fault ? body.subarray(0, fault.shortenTo) : body;
  response.writeHead(status, { ...CORS, ...headers, 'Content-Length': shortened.byteLength });
  const stop =
    fault && 'cutAfter' in fault
      ? fault.cutAfter
      : fault && 'silentAfter' in fault
        ? fault.silentAfter
        : undefined;
  if (stop === undefined) {
    response.end(shortened);
    return;
  }
  response.write(shortened.subarray(0, stop));
  // What was written has to leave before the connection breaks, or nothing of it arrives.
  await wait(50);
  if (fault && 'cutAfter' in fault) response.destroy();
}
