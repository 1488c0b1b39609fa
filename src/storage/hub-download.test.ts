import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { serveHub, type HubServer } from '../testing/hub-server.ts';
import type { HubFault } from '../testing/hub-replies.ts';
import type { DownloadPlan, HubFile } from '../contract/model-hub.ts';
import { downloadFile } from './hub-download.ts';
import { noise, quickHub, SINGLE } from './hub-fixture.ts';
import { faultOfAsync } from '../testing/fault-of.ts';
import { planDownload } from './hub-plan.ts';
import { MemoryPart } from './memory-part-fixture.ts';

const CONTENT = SINGLE.files['model.safetensors']!;
let server: HubServer;
let plan: DownloadPlan;
let weights: HubFile;
let config: HubFile;
beforeAll(async () => {
  server = await serveHub([SINGLE]);
  plan = await planDownload(quickHub(server.url), SINGLE.id);
  weights = plan.files.find(({ path }) => path === 'model.safetensors')!;
  config = plan.files.find(({ path }) => path === 'config.json')!;
  server.takeLog();
});
afterEach(() => {
  server.setFaults([]);
  server.takeLog();
});
afterAll(() => server.close());

const misbehave = (kind: HubFault['kind'], times?: number): void =>
  server.setFaults([{ path: 'model.safetensors', kind, ...(times !== undefined && { times }) }]);
const fetchInto = (part: MemoryPart, signal?: AbortSignal, file = weights): Promise<void> =>
  downloadFile(quickHub(server.url), plan, file, part, { signal });
/** Requests to the file host. */
const ranges = (): (string | null)[] =>
  server
    .takeLog()
    .filter(({ path }) => path === '/model.safetensors')
    .map(({ range }) => range);
const same = (part: MemoryPart): boolean => Buffer.compare(part.content, CONTENT) === 0;

test('a large file is redirected to another port, a small one is not', async () => {
  const [part, small] = [new MemoryPart(), new MemoryPart()];
  const reported: number[] = [];
  await downloadFile(quickHub(server.url), plan, weights, part, { onBytes: bytes => reported.push(bytes) });
  expect(same(part)).toBe(true);
  expect(reported.at(-1)).toBe(CONTENT.byteLength);
  expect(reported).toEqual([...reported].sort((a, b) => a - b));
  expect(server.takeLog().map(({ status }) => status)).toEqual([302, 200]);
  await fetchInto(small, undefined, config);
  expect(Buffer.compare(small.content, SINGLE.files['config.json']!)).toBe(0);
  expect(server.takeLog().map(({ status }) => status)).toEqual([200]);
});

test('a broken connection resumes at the byte where it broke', async () => {
  misbehave({ cutAfter: 1_000_000 }, 2);
  const part = new MemoryPart();
  await fetchInto(part);
  expect(same(part)).toBe(true);
  expect(part.cleared).toBe(0);
  const asked = ranges();
  expect(asked).toHaveLength(3);
  const [first, second] = asked.slice(1).map(range => Number(/\d+/.exec(range ?? '')?.[0]));
  expect(first).toBeGreaterThan(0);
  expect(first).toBeLessThanOrEqual(1_000_000);
  expect(second).toBeGreaterThan(first!);
});

test('connections that keep breaking are given up; what arrived is kept', async () => {
  misbehave({ cutAfter: 1000 });
  const part = new MemoryPart();
  expect((await faultOfAsync(fetchInto(part))).code).toBe('E_HUB_CUT');
  expect(ranges()).toHaveLength(5);
  expect(part.size()).toBeGreaterThan(0);
  expect(Buffer.compare(part.content, CONTENT.subarray(0, part.size()))).toBe(0);
});

test('a short body under status 200 is not accepted: the rest is fetched, or an error names what is missing', async () => {
  misbehave({ shortenTo: 500_000 }, 1);
  const part = new MemoryPart();
  await fetchInto(part);
  expect(same(part)).toBe(true);
  expect(ranges()).toEqual([null, 'bytes=500000-']);
  misbehave({ shortenTo: 10 });
  expect((await faultOfAsync(fetchInto(new MemoryPart()))).message).toMatch(/bytes too early/);
});

test('a connection that stalls counts as broken', async () => {
  misbehave({ silentAfter: 100_000 }, 1);
  const part = new MemoryPart();
  await fetchInto(part);
  expect(same(part)).toBe(true);
  expect(ranges()).toHaveLength(2);
});

test('an earlier download resumes; one of another version starts over', async () => {
  const part = new MemoryPart();
  server.setFaults([
    { path: 'model.safetensors', times: 1, kind: { cutAfter: 600_000 } },
    { path: 'model.safetensors', kind: { status: 404 } },
  ]);
  await faultOfAsync(fetchInto(part));
  const kept = part.size();
  server.setFaults([]);
  server.takeLog();
  await fetchInto(part);
  expect([same(part), part.cleared, ranges()]).toEqual([true, 0, [`bytes=${kept}-`]]);

  const stale = new MemoryPart();
  stale.append(noise(5000, 9));
  stale.tag = '"old"';
  await fetchInto(stale);
  expect([same(stale), stale.cleared, ranges()]).toEqual([true, 1, ['bytes=5000-', null]]);
});

test('without range support the download starts over', async () => {
  misbehave({ withoutRanges: true });
  const part = new MemoryPart();
  part.append(CONTENT.slice(0, 5000));
  await fetchInto(part);
  expect([same(part), part.cleared]).toEqual([true, 1]);
});

test('wrong content is discarded and never returned', async () => {
  misbehave({ wrongByte: 1_500_000 });
  const part = new MemoryPart();
  const fault = await faultOfAsync(fetchInto(part));
  expect([fault.code, fault.file]).toEqual(['E_HUB_HASH', 'lab/single/model.safetensors']);
  expect(part.size()).toBe(0);
  server.setFaults([{ path: 'config.json', kind: { wrongByte: 3 } }]);
  expect((await faultOfAsync(fetchInto(part, undefined, config))).code).toBe('E_HUB_HASH');
});

test('a part that was corrupted on the disk is downloaded once from the start', async () => {
  const part = new MemoryPart();
  part.append(noise(700_000, 8));
  await fetchInto(part);
  expect([same(part), ranges()]).toEqual([true, ['bytes=700000-', null]]);
});

test('a complete part is only checked; one that is too long starts over', async () => {
  const part = new MemoryPart();
  part.append(CONTENT);
  await fetchInto(part);
  expect(ranges()).toEqual([]);
  const long = new MemoryPart();
  long.append(noise(CONTENT.byteLength + 1, 7));
  await fetchInto(long);
  expect([same(long), ranges()]).toEqual([true, [null]]);
});

test('a body longer than listed is refused before it fills the disk', async () => {
  misbehave({ extraBytes: 10 });
  const part = new MemoryPart();
  expect((await faultOfAsync(fetchInto(part))).code).toBe('E_HUB_SIZE');
  expect(part.size()).toBe(0);
});

test.each([
  [{ status: 404, code: 'EntryNotFound' }, 'E_HUB_NO_FILE'],
  [{ status: 404 }, 'E_HUB_NO_FILE'],
  [{ status: 401, code: 'GatedRepo' }, 'E_HUB_GATED'],
  [{ status: 403 }, 'E_HUB_GATED'],
  [{ status: 400 }, 'E_HUB_SERVER'],
  [{ status: 429, retryAfter: 3600 }, 'E_HUB_BUSY'],
] as const)('%o is %s at once', async (kind, code) => {
  misbehave(kind);
  expect((await faultOfAsync(fetchInto(new MemoryPart()))).code).toBe(code);
  expect(server.takeLog()).toHaveLength(1);
});

test('cancelling stops in the middle and keeps the part', async () => {
  misbehave({ silentAfter: 200_000 });
  const part = new MemoryPart();
  const controller = new AbortController();
  const stopped = downloadFile(quickHub(server.url), plan, weights, part, {
    signal: controller.signal,
    onBytes: bytes => bytes > 0 && controller.abort(),
  });
  expect((await faultOfAsync(stopped)).code).toBe('E_HUB_CANCELLED');
  expect(part.size()).toBeGreaterThan(0);
  const kept = part.size();
  server.setFaults([]);
  server.takeLog();
  await fetchInto(part);
  expect([same(part), ranges()]).toEqual([true, [`bytes=${kept}-`]]);
});
