import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { commitOf } from '../testing/hub-replies.ts';
import { serveHub, type HubServer } from '../testing/hub-server.ts';
import { connectHub } from './hub-request.ts';
import { GATED, PICKLED, quickHub, SHARDED, SINGLE } from './hub-fixture.ts';
import { faultOfAsync } from '../testing/fault-of.ts';
import { planDownload } from './hub-plan.ts';

let server: HubServer;
beforeAll(async () => {
  server = await serveHub([SINGLE, SHARDED, GATED, PICKLED], 3);
});
afterEach(() => {
  server.setFaults([]);
  server.takeLog();
});
afterAll(() => server.close());

const plan = (id: string, revision?: string) => planDownload(quickHub(server.url), id, revision);

test('a plan names only what the lab reads, with sizes, hashes and the commit, without fetching a file', async () => {
  const { files, commit, revision, totalBytes, base } = await plan('lab/single');
  expect(files.map(({ path }) => path)).toEqual([
    'config.json',
    'tokenizer.json',
    'tokenizer_config.json',
    'chat_template.jinja',
    'model.safetensors',
  ]);
  expect(totalBytes).toBe(files.reduce((sum, { path }) => sum + SINGLE.files[path]!.byteLength, 0));
  expect(files.map(({ hash }) => hash.algorithm)).toEqual([...Array(4).fill('git-blob-sha1'), 'sha256']);
  expect([commit, revision, base]).toEqual([commitOf(SINGLE), 'main', server.url]);
  const log = server.takeLog();
  expect(log.every(({ path }) => path.startsWith('/api/'))).toBe(true);
  // Eight entries and a folder on pages of three.
  expect(log.filter(({ path }) => path.includes('/tree/'))).toHaveLength(3);
});

test('shards come from the index, each once; their contents are not fetched', async () => {
  const { files } = await plan('lab/sharded');
  expect(files.map(({ path }) => path).slice(-3)).toEqual([
    'model.safetensors.index.json',
    'model-00001-of-00002.safetensors',
    'model-00002-of-00002.safetensors',
  ]);
  expect(
    server
      .takeLog()
      .filter(({ path }) => path.includes('/resolve/'))
      .map(({ path }) => path.split('/').at(-1)),
  ).toEqual(['model.safetensors.index.json']);
});

test.each([
  ['lab/none', 'main', 'E_HUB_NO_MODEL'],
  ['lab/single', 'v9', 'E_HUB_NO_REVISION'],
  ['lab/gated', 'main', 'E_HUB_GATED'],
  ['lab/pickled', 'main', 'E_HUB_INCOMPLETE'],
  ['../etc', 'main', 'E_HUB_ID'],
  ['lab/single', '../main', 'E_HUB_REVISION'],
])('%s at %s is refused: %s', async (id, revision, code) => {
  const fault = await faultOfAsync(plan(id, revision));
  expect(fault.code).toBe(code);
  expect([fault.message, fault.consequence, fault.nextStep].every(Boolean)).toBe(true);
});

test('a gated model says how to get it anyway', async () => {
  expect((await faultOfAsync(plan('lab/gated'))).nextStep).toMatch(/by hand.*open its folder from your disk/);
});

test('a server that is briefly busy is asked again; one that is busy for long is not', async () => {
  server.setFaults([{ path: '/revision/', times: 1, kind: { status: 429, retryAfter: 0 } }]);
  expect((await plan('lab/single')).commit).toBe(commitOf(SINGLE));
  server.takeLog();
  server.setFaults([{ path: '/revision/', kind: { status: 429, retryAfter: 300 } }]);
  const fault = await faultOfAsync(plan('lab/single'));
  expect([fault.code, fault.nextStep]).toEqual(['E_HUB_BUSY', 'Try again in 5 min.']);
  expect(server.takeLog()).toHaveLength(1);
});

test('server errors are retried, and reported after five attempts', async () => {
  server.setFaults([{ path: '/tree/', times: 4, kind: { status: 503 } }]);
  expect((await plan('lab/single')).files).toHaveLength(5);
  server.takeLog();
  server.setFaults([{ path: '/tree/', kind: { status: 503 } }]);
  expect((await faultOfAsync(plan('lab/single'))).code).toBe('E_HUB_SERVER');
  expect(server.takeLog().filter(({ path }) => path.includes('/tree/'))).toHaveLength(5);
});

test.each([
  ['/revision/', '<!doctype html>'],
  ['/revision/', '{"sha":"main"}'],
  ['/tree/', '{"error":"no"}'],
  ['/tree/', '[{"type":"file","path":"config.json","size":-1,"oid":"x"}]'],
])('a response that is not a hub’s is refused: %s %s', async (path, body) => {
  server.setFaults([{ path, kind: { body } }]);
  expect((await faultOfAsync(plan('lab/single'))).code).toBe('E_HUB_ANSWER');
});

test('an index that was changed in transit is refused', async () => {
  server.setFaults([{ path: 'index.json', kind: { wrongByte: 5 } }]);
  expect((await faultOfAsync(plan('lab/sharded'))).code).toBe('E_HUB_HASH');
});

test('a hub that cannot be reached, and a search that was cancelled', async () => {
  const closed = await serveHub([]);
  await closed.close();
  const hub = quickHub(closed.url);
  expect((await faultOfAsync(planDownload(hub, 'lab/single'))).code).toBe('E_HUB_UNREACHABLE');
  const fault = await faultOfAsync(
    planDownload(quickHub(server.url), 'lab/single', 'main', AbortSignal.abort()),
  );
  expect(fault.code).toBe('E_HUB_CANCELLED');
});

test('a mirror’s pages are fetched from the mirror, whatever host it names', async () => {
  const asked: string[] = [];
  const hub = connectHub('https://mirror.example/hub/', {
    waitMilliseconds: 1,
    fetch: url => {
      asked.push(url);
      if (url.includes('/revision/')) return Promise.resolve(Response.json({ sha: 'a'.repeat(40) }));
      const last = url.includes('cursor=');
      const link = { Link: '<https://other.example/api/x/tree/y?recursive=true&cursor=z>; rel="next"' };
      return Promise.resolve(Response.json([], { headers: last ? {} : link }));
    },
  });
  expect((await faultOfAsync(planDownload(hub, 'gpt2'))).code).toBe('E_HUB_INCOMPLETE');
  const api = 'https://mirror.example/hub/api/models/gpt2';
  const tree = `${api}/tree/${'a'.repeat(40)}?recursive=true`;
  expect(asked).toEqual([`${api}/revision/main`, tree, `${tree}&cursor=z`]);
});
