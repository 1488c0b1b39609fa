import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import { afterEach, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest';
import type { HubFault } from '../testing/hub-replies.ts';
import type { HubRequestLog } from '../testing/hub-server.ts';
import type { DownloadPlan, DownloadProgress } from '../contract/model-hub.ts';
import type { CacheWorkerApi } from './cache-worker-fixture.ts';
// oxlint-disable-next-line import/default -- Vite gives the file this export.
import CacheWorker from './cache-worker-fixture.ts?worker';
import { folderOf, keyOf } from './cache-record.ts';
import { connectHub } from './hub-request.ts';
import { planDownload } from './hub-plan.ts';
import { ModelCache } from './model-cache.ts';
import { openRoot } from './opfs.ts';
import { faultOfAsync } from '../testing/fault-of.ts';

const WEIGHTS = 'model.safetensors';
const hubUrl = inject('hubUrl');
let plan: DownloadPlan;
let key: string;
let cache: ModelCache;
let weightBytes: number;

async function setFaults(faults: readonly HubFault[]): Promise<void> {
  await fetch(`${hubUrl}/control`, { method: 'POST', body: JSON.stringify(faults) });
}
/** File requests, on either port, since the last call. */
async function takeRequests(): Promise<HubRequestLog[]> {
  const log = (await (await fetch(`${hubUrl}/control`)).json()) as HubRequestLog[];
  return log.filter(({ path }) => !path.startsWith('/api/'));
}

/** Workers stand in for tabs: terminating one kills its tab in the middle of whatever it does. */
const tabs: { worker: Worker; api: Remote<CacheWorkerApi> }[] = [];
function openTab(): { api: Remote<CacheWorkerApi>; kill: () => void } {
  const worker = new CacheWorker();
  const tab = { worker, api: wrap<CacheWorkerApi>(worker) };
  tabs.push(tab);
  return { api: tab.api, kill: () => worker.terminate() };
}

beforeAll(async () => {
  plan = await planDownload(connectHub(hubUrl), 'lab/world-s');
  key = keyOf(plan);
  cache = await ModelCache.open();
  weightBytes = plan.files.find(({ path }) => path === WEIGHTS)!.bytes;
});
beforeEach(async () => {
  const root = await openRoot();
  // The lock of a killed tab is released a moment later.
  await vi.waitFor(() => root.removeEntry('models', { recursive: true }).catch(gone), 10_000);
  cache = await ModelCache.open();
  await setFaults([]);
  await takeRequests();
});
afterEach(() => {
  for (const { worker, api } of tabs.splice(0)) {
    api[releaseProxy]();
    worker.terminate();
  }
});
const gone = (error: unknown): void => {
  if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
};

/** Downloads again, once the browser has released a killed tab's locks. */
async function downloadAgain(): Promise<void> {
  const { api } = openTab();
  await vi.waitFor(
    async () => expect(await api.download(plan)).toMatchObject({ value: { key, state: 'complete' } }),
    { timeout: 20_000, interval: 200 },
  );
}
async function expectRightContent(): Promise<void> {
  const source = await cache.openCached(key);
  expect([...source.files]).toEqual(plan.files.map(({ path, bytes }) => [path, bytes]));
  const url = `${hubUrl}/lab/world-s/resolve/main/${WEIGHTS}`;
  const right = new Uint8Array(await (await fetch(url)).arrayBuffer());
  const read = await source.read(WEIGHTS);
  expect(read.byteLength).toBe(right.byteLength);
  expect(read.every((byte, index) => byte === right[index])).toBe(true);
}

test('a model downloads with progress over all its files, is listed, and is read by ranges', async () => {
  const progress: DownloadProgress[] = [];
  const { api } = openTab();
  const onProgress = proxy((report: DownloadProgress) => void progress.push(report));
  const { value } = await api.download(plan, {}, onProgress);
  expect(value).toMatchObject({ key, id: 'lab/world-s', revision: 'main', state: 'complete' });
  expect(await cache.list()).toEqual([value]);
  expect(value!.totalBytes).toBe(plan.totalBytes);
  const { bytes, siteBytes, quotaBytes } = await cache.usage();
  expect(bytes).toBeGreaterThanOrEqual(plan.totalBytes);
  expect(siteBytes).toBeGreaterThanOrEqual(plan.totalBytes);
  expect(quotaBytes).toBeGreaterThan(siteBytes);
  await vi.waitFor(() =>
    expect(progress.at(-1)).toEqual({ bytes: plan.totalBytes, totalBytes: plan.totalBytes, file: WEIGHTS }),
  );
  const counts = progress.map(report => report.bytes);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));

  await expectRightContent();
  const source = await cache.openCached(key);
  const whole = await source.read('config.json');
  expect(await source.read('config.json', 2, 9)).toEqual(whole.slice(2, 9));
  expect((await source.read('config.json', 5, 5)).byteLength).toBe(0);
  for (const [path, begin, end, code] of [
    ['config.json', 0, whole.byteLength + 1, 'E_STORAGE_RANGE'],
    ['config.json', 9, 2, 'E_STORAGE_RANGE'],
    ['config.json', -1, 2, 'E_STORAGE_RANGE'],
    ['manifest.json', 0, 1, 'E_STORAGE_NO_FILE'],
  ] as const)
    expect((await faultOfAsync(source.read(path, begin, end))).code).toBe(code);
});

test('a complete model is not fetched again', async () => {
  await downloadAgain();
  await takeRequests();
  await downloadAgain();
  expect(await takeRequests()).toEqual([]);
});

test('an interrupted download resumes after a reload at the byte where it broke', async () => {
  await setFaults([
    { path: WEIGHTS, times: 1, kind: { cutAfter: 700_000 } },
    { path: WEIGHTS, kind: { status: 404 } },
  ]);
  const tab = openTab();
  expect((await tab.api.download(plan)).fault?.code).toBe('E_HUB_NO_FILE');
  tab.kill();
  const [partial] = await cache.list();
  expect(partial).toMatchObject({ state: 'partial', totalBytes: plan.totalBytes });
  expect(partial!.bytes).toBeGreaterThan(plan.totalBytes - weightBytes);
  expect((await faultOfAsync(cache.openCached(key))).code).toBe('E_STORAGE_PARTIAL');
  await setFaults([]);
  await takeRequests();
  await downloadAgain();
  const requests = await takeRequests();
  expect(requests.map(({ status }) => status)).toEqual([302, 206]);
  expect(Number(/\d+/.exec(requests[1]!.range!)![0])).toBeGreaterThan(0);
  await expectRightContent();
});

test('a tab killed in the middle of a file loses nothing that has arrived', async () => {
  await setFaults([{ path: WEIGHTS, kind: { silentAfter: 700_000 } }]);
  const tab = openTab();
  void tab.api.download(plan);
  const described = plan.totalBytes - weightBytes;
  await vi.waitFor(async () => expect((await cache.list())[0]?.bytes).toBeGreaterThan(described + 100_000), {
    timeout: 10_000,
  });
  tab.kill();
  await setFaults([]);
  await takeRequests();
  await downloadAgain();
  const requests = await takeRequests();
  expect(requests.every(({ path }) => path.includes(WEIGHTS))).toBe(true);
  expect(requests.at(-1)).toMatchObject({ status: 206 });
  await expectRightContent();
});

test('a tab killed between the last file and the manifest leaves a partial model, completed without fetching', async () => {
  const tab = openTab();
  await new Promise<void>(reached => {
    void tab.api.download(plan, { stopBefore: 'manifest.json' }, undefined, proxy(reached));
  });
  tab.kill();
  expect(await cache.list()).toMatchObject([{ state: 'partial' }]);
  expect((await faultOfAsync(cache.openCached(key))).code).toBe('E_STORAGE_PARTIAL');
  await takeRequests();
  await downloadAgain();
  expect(await takeRequests()).toEqual([]);
  await expectRightContent();
});

test('a short write stops the download, which resumes once there is room', async () => {
  const { api } = openTab();
  const { fault } = await api.download(plan, { fullAt: 1_000_000 });
  expect(fault).toMatchObject({ code: 'E_STORAGE_FULL', file: WEIGHTS });
  expect(fault?.nextStep).toMatch(/Delete a model/);
  const [partial] = await cache.list();
  expect(partial).toMatchObject({ state: 'partial' });
  expect(partial!.bytes).toBeGreaterThan(800_000);
  await takeRequests();
  await downloadAgain();
  expect((await takeRequests()).map(({ status }) => status)).toEqual([302, 206]);
  await expectRightContent();
});

test('nothing is fetched when the quota is too small', async () => {
  const { fault } = await openTab().api.download(plan, { freeBytes: plan.totalBytes });
  expect(fault).toMatchObject({ code: 'E_STORAGE_QUOTA', file: 'lab/world-s' });
  expect(await takeRequests()).toEqual([]);
});

test('while one tab downloads, another neither downloads nor deletes the model', async () => {
  await setFaults([{ path: WEIGHTS, kind: { silentAfter: 1000 } }]);
  const [first, second] = [openTab(), openTab()];
  await new Promise<void>(done => {
    const onProgress = proxy(({ file }: DownloadProgress) => file === WEIGHTS && done());
    void first.api.download(plan, {}, onProgress);
  });
  expect((await second.api.download(plan)).fault?.code).toBe('E_STORAGE_BUSY');
  expect((await second.api.delete(key)).fault?.code).toBe('E_STORAGE_BUSY');
  expect(await cache.list()).toMatchObject([{ state: 'partial' }]);
});

test('a deleted model is gone from list and disk, and readers get an error', async () => {
  await downloadAgain();
  const source = await cache.openCached(key);
  await cache.delete(key);
  expect(await cache.list()).toEqual([]);
  expect((await cache.usage()).bytes).toBe(0);
  expect((await faultOfAsync(source.read(WEIGHTS, 0, 8))).code).toBe('E_STORAGE_CHANGED');
  for (const missing of [key, '../models', 'a/b@c', ''])
    expect([
      (await faultOfAsync(cache.openCached(missing))).code,
      (await faultOfAsync(cache.delete(missing))).code,
    ]).toEqual(['E_STORAGE_NO_MODEL', 'E_STORAGE_NO_MODEL']);
});

test('a file that changed on the disk makes the model damaged; only that file is fetched again', async () => {
  await downloadAgain();
  const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
  const folder = await models.getDirectoryHandle(folderOf(key));
  const writable = await (await folder.getFileHandle('config.json')).createWritable();
  await writable.write('{}');
  await writable.close();
  expect(await cache.list()).toMatchObject([{ state: 'damaged' }]);
  expect((await faultOfAsync(cache.openCached(key))).code).toBe('E_STORAGE_DAMAGED');
  await takeRequests();
  await downloadAgain();
  expect((await takeRequests()).map(({ path }) => path.split('/').at(-1))).toEqual(['config.json']);
  await expectRightContent();
});

test('an unreadable record makes the model damaged, and it is fetched again', async () => {
  await downloadAgain();
  const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
  const folder = await models.getDirectoryHandle(folderOf(key));
  const writable = await (await folder.getFileHandle('manifest.json')).createWritable();
  await writable.write('{"format":1}');
  await writable.close();
  expect(await cache.list()).toMatchObject([{ key, state: 'damaged', totalBytes: 0 }]);
  await downloadAgain();
  await expectRightContent();
});

test('a list with file names that are not a model’s is refused, and pages do not write', async () => {
  const [file] = plan.files;
  const escaping = { ...plan, files: [{ ...file!, path: '../config.json' }], totalBytes: file!.bytes };
  expect((await openTab().api.download(escaping)).fault?.code).toBe('E_HUB_PLAN');
  expect((await faultOfAsync(cache.download(plan))).code).toBe('E_STORAGE_MISSING');
  expect(await cache.list()).toEqual([]);
});
