import { createServer } from 'node:http';

/**
 * What the browser requests by itself when it sees a form. No switch for this keeps Playwright's list of disabled features in force; the
 * page could not reach it anyway, because its policy forbids the host.
 */
const BROWSERS_OWN = new Set(['content-autofill.googleapis.com:443']);

export interface OutboundLog {
  /** URL to give to the browser as its proxy. */
  readonly url: string;
  /** Targets that a page, or the browser for it, tried to reach since the last call. */
  take(): string[];
  close(): Promise<void>;
}

/**
 * A proxy that logs and refuses every request. As the browser's proxy it sees every attempt to leave this machine, from any thread: page,
 * worker, service worker, prefetch or the browser itself.
 */
export async function openOutboundLog(): Promise<OutboundLog> {
  const targets: string[] = [];
  const server = createServer((request, response) => {
    targets.push(request.url ?? '');
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket) => {
    const target = request.url ?? '';
    if (!BROWSERS_OWN.has(target)) targets.push(target);
    socket.on('error', () => undefined);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (typeof address !== 'object' || !address)
    throw new Error('The proxy of the end-to-end tests has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    take: () => targets.splice(0),
    close: () =>
      new Promise(done => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
