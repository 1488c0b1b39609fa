import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commitOf, type HubModel } from './hub-replies.ts';
import { serveHub, type HubServer } from './hub-server.ts';

const WEIGHTS = Uint8Array.from({ length: 100 }, (_, index) => index);
const MODEL: HubModel = {
  id: 'lab/tiny',
  files: { 'config.json': Buffer.from('{}\n'), 'model.safetensors': WEIGHTS },
};
let server: HubServer;
beforeAll(async () => {
  server = await serveHub([MODEL]);
});
afterAll(() => server.close());

const get = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${server.url}${path}`, init);

test('the tree names files in Git LFS by their SHA-256 and others as git does', async () => {
  const { sha } = (await (await get('/api/models/lab/tiny/revision/main')).json()) as { sha: string };
  expect(sha).toBe(commitOf(MODEL));
  const tree = await (await get(`/api/models/lab/tiny/tree/${sha}?recursive=true`)).json();
  expect(tree).toMatchObject([
    { type: 'directory' },
    // `printf '{}\n' | git hash-object --stdin`
    { path: 'config.json', size: 3, oid: '0967ef424bce6791893e9a57bb952f80fd536e93' },
    {
      path: 'model.safetensors',
      lfs: { oid: createHash('sha256').update(WEIGHTS).digest('hex'), size: 100 },
    },
  ]);
});

test('large files lie on another port, and are read from a byte on', async () => {
  const whole = await get('/lab/tiny/resolve/main/model.safetensors');
  expect(new URL(whole.url).port).not.toBe(new URL(server.url).port);
  expect(new Uint8Array(await whole.arrayBuffer())).toEqual(WEIGHTS);
  const rest = await get('/lab/tiny/resolve/main/model.safetensors', { headers: { Range: 'bytes=90-' } });
  expect([rest.status, rest.headers.get('content-range')]).toEqual([206, 'bytes 90-99/100']);
  expect(new Uint8Array(await rest.arrayBuffer())).toEqual(WEIGHTS.subarray(90));
  expect(rest.headers.get('etag')).toBe(whole.headers.get('etag'));
  const past = await get('/lab/tiny/resolve/main/model.safetensors', { headers: { Range: 'bytes=100-' } });
  expect(past.status).toBe(416);
});

test('what is not there is refused as the hub refuses it, and preflights are not answered', async () => {
  const told = async (path: string): Promise<unknown> => {
    const { status, headers } = await get(path);
    return [status, headers.get('x-error-code')];
  };
  expect(await told('/api/models/lab/none/revision/main')).toEqual([401, 'RepoNotFound']);
  expect(await told('/api/models/lab/tiny/revision/v2')).toEqual([404, 'RevisionNotFound']);
  expect(await told('/lab/tiny/resolve/main/none.json')).toEqual([404, 'EntryNotFound']);
  expect((await get('/lab/tiny/resolve/main/config.json', { method: 'OPTIONS' })).status).toBe(405);
});

test('faults come as often as they are set, and requests are logged', async () => {
  const faults = [{ path: 'config.json', times: 1, kind: { status: 429, retryAfter: 7 } }];
  await get('/control', { method: 'POST', body: JSON.stringify(faults) });
  server.takeLog();
  const busy = await get('/lab/tiny/resolve/main/config.json');
  expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '7']);
  expect(await (await get('/lab/tiny/resolve/main/config.json')).text()).toBe('{}\n');
  expect(server.takeLog().map(({ status }) => status)).toEqual([429, 200]);
});

test('a connection breaks where it is told to', async () => {
  server.setFaults([{ path: 'model.safetensors', kind: { cutAfter: 40 } }]);
  const { body } = await get('/lab/tiny/resolve/main/model.safetensors');
  const reader = body!.getReader();
  expect((await reader.read()).value).toHaveLength(40);
  await expect(reader.read()).rejects.toThrow(TypeError);
  server.setFaults([]);
});
