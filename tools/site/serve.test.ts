import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { serveSite, type Site, type SiteOptions } from './serve.ts';

const folder = mkdtempSync(join(tmpdir(), 'serve-'));
const root = join(folder, 'dist');
mkdirSync(join(root, 'assets'), { recursive: true });
writeFileSync(join(root, 'index.html'), '<!doctype html><title>page</title>');
writeFileSync(join(root, 'assets', 'lab.worker-abc.js'), 'postMessage(1)');
writeFileSync(join(root, 'model card.md'), '# model');
writeFileSync(join(folder, 'secret.txt'), 'secret');
mkdirSync(join(folder, 'dist-old'));
writeFileSync(join(folder, 'dist-old', 'old.txt'), 'old');
afterAll(() => rmSync(folder, { recursive: true }));

const open: Site[] = [];
afterEach(async () => {
  for (const site of open.splice(0)) await site.close();
});
async function serve(options: Partial<SiteOptions> = {}): Promise<string> {
  const site = await serveSite({ root, ...options });
  open.push(site);
  return site.url;
}

/** Status and body of a request with the path exactly as given: `fetch` would tidy it first. */
function raw(url: string, path: string): Promise<{ status: number | undefined; body: string }> {
  return new Promise((done, failed) => {
    request(url, { path }, response => {
      let body = '';
      response.setEncoding('utf8').on('data', (part: string) => (body += part));
      response.on('end', () => done({ status: response.statusCode, body }));
    })
      .on('error', failed)
      .end();
  });
}

test('the page and a worker script come with the policy, and hashed assets may be kept', async () => {
  const url = await serve();
  const page = await fetch(url);
  expect(await page.text()).toContain('<title>page</title>');
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const worker = await fetch(`${url}assets/lab.worker-abc.js`);
  expect(worker.headers.get('cache-control')).toContain('immutable');
  for (const { headers } of [page, worker]) {
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('no policy lets inline scripts or evaluation in', async () => {
  const policy = (await fetch(await serve())).headers.get('content-security-policy');
  expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|\*(?!\.)/);
});

test('names are decoded, and only files inside the root are served', async () => {
  const url = await serve();
  expect(await raw(url, '/model%20card.md')).toEqual({ status: 200, body: '# model' });
  for (const path of [
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/../dist-old/old.txt',
    '//secret.txt/',
    '/assets',
    '/missing.js',
    '/%00',
    '/%zz',
  ]) {
    expect(await raw(url, path), path).toMatchObject({ status: 404 });
  }
});

test('below a path: the root leads there with its query, and nothing else lies outside', async () => {
  const url = await serve({ base: '/lab/' });
  const { origin } = new URL(url);
  expect(url).toBe(`${origin}/lab/`);
  const led = await fetch(`${origin}/?lesson=1`, { redirect: 'manual' });
  expect([led.status, led.headers.get('location')]).toEqual([302, '/lab/?lesson=1']);
  expect((await fetch(url)).status).toBe(200);
  expect((await fetch(`${origin}/index.html`)).status).toBe(404);
});

test('an unchanged file is not sent again, HEAD sends no body, POST is refused', async () => {
  const url = await serve();
  const etag = (await fetch(url)).headers.get('etag') ?? '';
  expect((await fetch(url, { headers: { 'if-none-match': etag } })).status).toBe(304);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '34', '']);
  expect((await fetch(url, { method: 'POST' })).status).toBe(405);
});

test('a port that is taken gives way to a free one', async () => {
  const taken = createServer();
  await new Promise<void>(done => taken.listen(0, '127.0.0.1', done));
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  try {
    const url = await serve({ port });
    expect(new URL(url).port).not.toBe(String(port));
    expect((await fetch(url)).status).toBe(200);
  } finally {
    taken.close();
  }
});
