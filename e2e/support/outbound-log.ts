import { createServer } from 'node:http';

export interface OutboundLog {
  /** Address to give to the browser as its proxy. */
  readonly url: string;
  /** Targets that something in the browser tried to reach since the last call. */
  take(): string[];
  close(): Promise<void>;
}

/**
 * A proxy that writes down what it is asked for and refuses it. Set as the browser's proxy it sees every attempt to
 * leave this machine, whichever thread makes it: page, worker, service worker, prefetch or the browser itself.
 */
export async function openOutboundLog(): Promise<OutboundLog> {
  const targets: string[] = [];
  const server = createServer((request, response) => {
    targets.push(request.url ?? '');
    response.writeHead(403).end();
  });
  server.on('connect', (request, socket) => {
    targets.push(request.url ?? '');
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
