import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { pageHeaders } from './page-headers.ts';

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.jsonl': 'application/x-ndjson; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
  '.yaml': 'text/yaml; charset=utf-8',
};

export interface SiteOptions {
  /** Folder of the built page. */
  readonly root: string;
  /** Path under which the page lives, with a slash at both ends; `/` leads there. */
  readonly base?: string;
  /** First port to try; when it is taken, any free one is used. 0: any free one. */
  readonly port?: number;
  /** Sends none of the page's headers, as a host that cannot be told to. */
  readonly bare?: boolean;
}

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

function refuse(response: ServerResponse, status: number, text: string, headers = {}): void {
  response.writeHead(status, { ...pageHeaders(), 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${text}\n`);
}

/** The file that a path names, or undefined when it names none inside the root. */
function fileOf(root: string, base: string, pathname: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  if (!path.startsWith(base) || path.includes('\0')) return undefined;
  const file = join(root, path.slice(base.length), path.endsWith('/') ? 'index.html' : '');
  return file.startsWith(root + sep) ? file : undefined;
}

async function answer(
  { root, base = '/', bare = false }: SiteOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return refuse(response, 405, 'Only GET and HEAD are answered here.', { Allow: 'GET, HEAD' });
  // Two slashes in front would make the URL parser take the path for a host.
  const { pathname, search } = new URL((request.url ?? '/').replace(/^\/+/, '/'), 'http://localhost');
  if (pathname === '/' && base !== '/') return refuse(response, 302, base, { Location: base + search });
  const path = fileOf(root, base, pathname);
  const file = path === undefined ? undefined : await stat(path).catch(() => undefined);
  if (path === undefined || !file?.isFile()) return refuse(response, 404, 'There is no such file.');
  const tag = `"${file.size.toString(16)}-${Math.floor(file.mtimeMs).toString(16)}"`;
  // Built assets carry a hash of their content in their names.
  const cacheable = pathname.startsWith(`${base}assets/`);
  const headers = {
    ...(bare ? {} : pageHeaders()),
    'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
    'Cache-Control': cacheable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: tag,
  };
  if (request.headers['if-none-match'] === tag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'Content-Length': file.size });
  if (request.method === 'HEAD') response.end();
  else pipeline(createReadStream(path), response, () => response.destroy());
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed);
      const address = server.address();
      done(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/**
 * Serves a built page on this machine alone, with the headers that it should have wherever it is hosted.
 * @throws when no port can be had.
 */
export async function serveSite({ port = 0, ...options }: SiteOptions): Promise<Site> {
  const site = { ...options, root: resolve(options.root) };
  const server = createServer((request, response) => {
    answer(site, request, response).catch(() => refuse(response, 500, 'The file could not be read.'));
  });
  const bound = await listen(server, port).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    return listen(server, 0);
  });
  return {
    url: `http://localhost:${bound}${site.base ?? '/'}`,
    close: () =>
      new Promise(done => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
