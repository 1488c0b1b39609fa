import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  commitOf,
  content,
  isLarge,
  json,
  refuse,
  send,
  sha256,
  tree,
  type HubFault,
  type HubModel,
  type Reply,
} from './hub-replies.ts';

export interface HubRequestLog {
  readonly path: string;
  readonly range: string | null;
  readonly status: number;
}

export interface HubServer {
  readonly url: string;
  /** Faults from now on; the first that matches a request applies. */
  setFaults(faults: readonly HubFault[]): void;
  /** Requests since the last call, in the order of their responses. */
  takeLog(): HubRequestLog[];
  close(): Promise<void>;
}

/** A fault's reply that replaces the right one. */
function instead(fault: HubFault['kind']): Reply | null {
  if ('body' in fault) return { status: 200, body: Buffer.from(fault.body) };
  if (!('status' in fault)) return null;
  const reply = refuse(fault.status, fault.code);
  const after = fault.retryAfter === undefined ? {} : { 'Retry-After': fault.retryAfter };
  return { ...reply, headers: { ...reply.headers, ...after } };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function closed(server: Server): Promise<void> {
  return new Promise(done => {
    server.close(() => done());
    server.closeAllConnections();
  });
}

/**
 * A local server with the Hugging Face hub's layout: revision, tree in pages, and files, of which the large ones are redirected to a second
 * port, as the hub does to its file hosts. Any origin may fetch from it, but preflights are refused. `POST /control` sets faults (JSON),
 * `GET /control` takes the log, for tests in a browser.
 * @param pageSize entries on a page of the tree.
 */
export async function serveHub(models: readonly HubModel[], pageSize = 1000): Promise<HubServer> {
  let faults: { fault: HubFault; left: number }[] = [];
  const log: HubRequestLog[] = [];
  const setFaults = (next: readonly HubFault[]): void => {
    faults = next.map(fault => ({ fault, left: fault.times ?? Infinity }));
  };
  const takeLog = (): HubRequestLog[] => log.splice(0);

  const large = new Map(
    models.flatMap(({ files }) => Object.values(files).map(bytes => [sha256(bytes), bytes])),
  );
  let fileHost = '';

  function api(url: URL, hub: string): Reply {
    const [, id = '', kind, revision = ''] =
      /^\/api\/models\/(.+)\/(revision|tree)\/([^/]+)$/.exec(url.pathname) ?? [];
    const model = models.find(candidate => candidate.id === id);
    // As the hub answers without a login, so as not to reveal private models.
    if (!model) return refuse(401, 'RepoNotFound');
    const commit = commitOf(model);
    if (revision !== 'main' && revision !== commit) return refuse(404, 'RevisionNotFound');
    if (kind === 'revision') return json({ id, sha: commit, gated: model.gated ?? false });
    const entries = [{ type: 'directory', path: 'onnx', oid: '0'.repeat(40), size: 0 }, ...tree(model)];
    const start = Number(url.searchParams.get('cursor') ?? 0);
    const more = start + pageSize < entries.length;
    const next = `${hub}${url.pathname}?recursive=true&cursor=${start + pageSize}`;
    return json(entries.slice(start, start + pageSize), more ? { Link: `<${next}>; rel="next"` } : {});
  }

  function file(url: URL, request: IncomingMessage, fault: HubFault['kind'] | undefined): Reply {
    const [, id = '', revision = '', path = ''] = /^\/(.+)\/resolve\/([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
    const model = models.find(candidate => candidate.id === id);
    if (!model) return refuse(401, 'RepoNotFound');
    if (model.gated) return refuse(401, 'GatedRepo');
    if (revision !== 'main' && revision !== commitOf(model)) return refuse(404, 'RevisionNotFound');
    const bytes = model.files[decodeURIComponent(path)];
    if (!bytes) return refuse(404, 'EntryNotFound');
    if (!isLarge(path)) return content(bytes, request.headers.range, fault);
    return { status: 302, headers: { Location: `${fileHost}/${path}?sha256=${sha256(bytes)}` } };
  }

  async function control(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    if (request.method !== 'POST') return send(response, json(takeLog()), undefined);
    setFaults(JSON.parse(Buffer.concat(parts).toString()) as HubFault[]);
    return send(response, { status: 200 }, undefined);
  }

  const answer =
    (reply: (url: URL, request: IncomingMessage, fault: HubFault['kind'] | undefined) => Reply) =>
    async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
      if (url.pathname === '/control') return control(request, response);
      if (request.method !== 'GET') return void response.writeHead(405).end();
      const found = faults.find(({ fault, left }) => left > 0 && url.pathname.includes(fault.path));
      const redirected = url.pathname.includes('/resolve/') && isLarge(url.pathname);
      const kind = found?.fault.kind;
      // Content faults apply on the host that sends the content.
      const here = kind && !(redirected && !('status' in kind)) ? kind : undefined;
      if (here && found) found.left--;
      const said = (here && instead(here)) ?? reply(url, request, here);
      log.push({ path: url.pathname, range: request.headers.range ?? null, status: said.status });
      return send(response, said, here);
    };
  const serve = (reply: Parameters<typeof answer>[0]): Server => {
    const handle = answer(reply);
    return createServer(
      (request, response) => void handle(request, response).catch(() => response.destroy()),
    );
  };

  const hub = serve((url, request, fault) =>
    url.pathname.startsWith('/api/') ? api(url, `http://${request.headers.host}`) : file(url, request, fault),
  );
  const files = serve((url, request, fault) => {
    const bytes = large.get(url.searchParams.get('sha256') ?? '');
    return bytes ? content(bytes, request.headers.range, fault) : refuse(404);
  });
  fileHost = await listen(files);
  const url = await listen(hub);
  return {
    url,
    setFaults,
    takeLog,
    close: async () => {
      await Promise.all([closed(hub), closed(files)]);
    },
  };
}
