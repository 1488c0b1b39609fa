import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** A model on the server; contents by path. Safetensors are in Git LFS and redirected to the file host. */
export interface HubModel {
  readonly id: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** As in the hub's responses: access is granted by `auto` or `manual`. */
  readonly gated?: 'auto' | 'manual';
}

/** A way to misbehave: for requests whose path contains `path`, `times` times (for ever where it is not set). */
export interface HubFault {
  readonly path: string;
  readonly times?: number;
  readonly kind:
    | { readonly status: number; readonly code?: string; readonly retryAfter?: number }
    /** The connection breaks after this many bytes of the body. */
    | { readonly cutAfter: number }
    /** Status and length are consistent, but with a shorter body. */
    | { readonly shortenTo: number }
    /** The connection stalls after this many bytes. */
    | { readonly silentAfter: number }
    /** One bit of this byte is flipped. */
    | { readonly wrongByte: number }
    | { readonly extraBytes: number }
    | { readonly withoutRanges: true }
    | { readonly etag: string }
    /** Text instead of the response. */
    | { readonly body: string };
}

/** The hash that Git LFS uses. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const blobSha1 = (bytes: Uint8Array): string =>
  createHash('sha1').update(`blob ${bytes.byteLength}\0`).update(bytes).digest('hex');
/** Whether a file is in Git LFS. */
export const isLarge = (path: string): boolean => path.endsWith('.safetensors');

/** The commit of `main`: derived from the contents, as in git. */
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
/** With the error code that the hub sends in a header. */
export const refuse = (status: number, code?: string): Reply => ({
  status,
  headers: code === undefined ? {} : { 'X-Error-Code': code },
  body: Buffer.from(JSON.stringify({ error: code ?? `status ${status}` })),
});

/** Content from the requested byte, with faults of content and ranges. */
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

/** Sends a reply, with faults of transport. */
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
  // The data must be flushed before the connection breaks, or none of it arrives.
  await wait(50);
  if (fault && 'cutAfter' in fault) response.destroy();
}
