import { proxy, releaseProxy, wrap, type Remote } from 'comlink';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import type { KeptFacts, KeptFiles, KeptStatus } from '../protocol/kept-runs.ts';
import { faultOfAsync } from '../testing/fault-of.ts';
import { openRoot, type OpfsFolder } from './opfs.ts';
import { OpfsRunStorage } from './run-storage.ts';
import type { RunStorageWorkerApi } from './run-storage-worker-fixture.ts';
// oxlint-disable-next-line import/default -- Vite gives the file this export.
import RunStorageWorker from './run-storage-worker-fixture.ts?worker';

const NAMES = ['record.json', 'weights.safetensors'];
const storage = new OpfsRunStorage();

/** Workers stand in for tabs: terminating one kills its tab in the middle of whatever it does. */
const tabs: { worker: Worker; api: Remote<RunStorageWorkerApi> }[] = [];
function openTab(): Remote<RunStorageWorkerApi> {
  const worker = new RunStorageWorker();
  const api = wrap<RunStorageWorkerApi>(worker);
  tabs.push({ worker, api });
  return api;
}
function killTabs(): void {
  for (const { worker, api } of tabs.splice(0)) {
    api[releaseProxy]();
    worker.terminate();
  }
}
const gone = (error: unknown): void => {
  if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
};
beforeEach(async () => {
  const root = await openRoot();
  await vi.waitFor(() => root.removeEntry('runs', { recursive: true }).catch(gone), 10_000);
});
afterEach(killTabs);

let minute = 0;
function facts(id: string, step: number, status: KeptStatus = 'going'): KeptFacts {
  minute += 1;
  return {
    id,
    label: `Run ${id}`,
    status,
    step,
    config: DEFAULT_CONFIG,
    weightsSha256: 'a'.repeat(64),
    resumableStep: status === 'finished' ? null : step,
    savedAt: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
  };
}
const filesOf = (step: number): KeptFiles =>
  new Map([
    ['record.json', new TextEncoder().encode(`{"step":${step}}`)],
    ['weights.safetensors', new Uint8Array(5_000).fill(step)],
  ]);
const stepOf = async (id: string): Promise<readonly [step: number, skipped: string | undefined]> => {
  const { value, skipped } = await storage.read(id, NAMES, ({ step }, files) => {
    expect(files.get('weights.safetensors')).toEqual(new Uint8Array(5_000).fill(step));
    return step;
  });
  return [value, skipped?.code];
};
const folderOf = async (id: string): Promise<OpfsFolder> =>
  (await (await openRoot()).getDirectoryHandle('runs')).getDirectoryHandle(id);
const namesIn = async (id: string): Promise<string[]> => {
  const names: string[] = [];
  for await (const [name] of (await folderOf(id)).entries()) names.push(name);
  return names.sort();
};
/** Replaces a file's bytes. */
async function damage(
  id: string,
  name: string,
  change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array,
): Promise<void> {
  const handle = (await (await folderOf(id)).getFileHandle(name)) as unknown as FileSystemFileHandle;
  const bytes = new Uint8Array(await (await handle.getFile()).arrayBuffer());
  const writer = await handle.createWritable();
  await writer.write(change(bytes) as Uint8Array<ArrayBuffer>);
  await writer.close();
}

test('the last two writes of each run are kept, and the newest is read', async () => {
  const tab = openTab();
  for (const step of [1, 2, 3]) expect(await tab.put(facts('a', step), filesOf(step))).toBeNull();
  expect(await stepOf('a')).toEqual([3, undefined]);
  expect(await namesIn('a')).toEqual(
    ['2', '3'].flatMap(n => [`${n}.manifest.json`, `${n}.record.json`, `${n}.weights.safetensors`]),
  );
  await tab.put(facts('b', 9, 'finished'), new Map([...filesOf(9)].slice(0, 1)));
  const { runs, damaged, quotaBytes } = await storage.list();
  expect(runs.map(({ id, status, resumableStep }) => [id, status, resumableStep])).toEqual([
    ['b', 'finished', null],
    ['a', 'going', 3],
  ]);
  expect(runs[1]!.bytes).toBeGreaterThan(10_000);
  expect(damaged).toEqual([]);
  expect(quotaBytes).toBeGreaterThan(0);
  await storage.remove('a');
  expect((await faultOfAsync(storage.read('a', NAMES, () => 0))).code).toBe('E_CHECKPOINT_NONE');
  expect((await faultOfAsync(storage.read('../b', NAMES, () => 0))).code).toBe('E_CHECKPOINT_NONE');
});

test('a finished run keeps its figures and frees the space of its weights', async () => {
  const tab = openTab();
  await tab.put(facts('a', 1), filesOf(1));
  await tab.put(facts('a', 2, 'finished'), new Map([...filesOf(2)].slice(0, 1)));
  expect(await namesIn('a')).toEqual(['2.manifest.json', '2.record.json']);
});

test.each(['2.record.json', '2.weights.safetensors', '2.manifest.json'])(
  'a tab killed before %s is in place leaves the previous write',
  async stopBefore => {
    await openTab().put(facts('a', 1), filesOf(1));
    const stopped = new Promise<void>(resolve => {
      void openTab().put(facts('a', 2), filesOf(2), { stopBefore }, proxy(resolve));
    });
    await stopped;
    killTabs();
    expect(await stepOf('a')).toEqual([1, undefined]);
    const tab = openTab();
    await vi.waitFor(async () => expect(await tab.put(facts('a', 3), filesOf(3))).toBeNull(), 10_000);
    expect(await stepOf('a')).toEqual([3, undefined]);
    expect((await namesIn('a')).filter(name => name.endsWith('.new'))).toEqual([]);
  },
);

test('a short write is reported, and the previous write stays', async () => {
  const tab = openTab();
  await tab.put(facts('a', 1), filesOf(1));
  const fault = await tab.put(facts('a', 2), filesOf(2), { fullAt: 4_000 });
  expect(fault).toMatchObject({ code: 'E_CHECKPOINT_FULL', file: 'runs/a' });
  expect(fault?.consequence).toContain('The run goes on');
  expect(await stepOf('a')).toEqual([1, undefined]);
  expect(await namesIn('a')).toEqual(['1.manifest.json', '1.record.json', '1.weights.safetensors']);
});

const flipped = (bytes: Uint8Array<ArrayBuffer>): Uint8Array => {
  const changed = bytes.slice();
  changed[changed.length >> 1]! ^= 1;
  return changed;
};
const edited = (from: string, to: string) => (bytes: Uint8Array<ArrayBuffer>) =>
  new TextEncoder().encode(new TextDecoder().decode(bytes).replace(from, to));

test.each([
  ['a bit of the weights', '2.weights.safetensors', flipped, 'HASH'],
  ['a bit of the record', '2.record.json', flipped, 'HASH'],
  ['the end of the weights', '2.weights.safetensors', (bytes: Uint8Array) => bytes.slice(1), 'SIZE'],
  ['the setting of a run', '2.manifest.json', edited('"seed":', '"seed":9'), 'CONFIG'],
  ['the step of a run', '2.manifest.json', edited('"step":2', '"step":-2'), 'MANIFEST'],
  ['the format', '2.manifest.json', edited('"format":1', '"format":2'), 'FORMAT'],
  ['the run', '2.manifest.json', edited('"id":"a"', '"id":"b"'), 'MANIFEST'],
  ['half of the manifest', '2.manifest.json', (bytes: Uint8Array) => bytes.slice(0, 99), 'MANIFEST'],
] as const)(
  'where %s is lost, the previous write is read and the loss is reported',
  async (_, name, change, code) => {
    const tab = openTab();
    for (const step of [1, 2]) await tab.put(facts('a', step), filesOf(step));
    await damage('a', name, change);
    expect(await stepOf('a')).toEqual([1, `E_CHECKPOINT_${code}`]);
  },
);

test('where both are lost, the run is refused, listed as damaged, and can be deleted', async () => {
  const tab = openTab();
  for (const step of [1, 2]) await tab.put(facts('a', step), filesOf(step));
  for (const generation of [1, 2]) await (await folderOf('a')).removeEntry(`${generation}.record.json`);
  expect(await faultOfAsync(storage.read('a', NAMES, () => 0))).toMatchObject({
    code: 'E_CHECKPOINT_MISSING',
    file: 'runs/a/2.record.json',
    nextStep: expect.stringContaining('Delete the run') as string,
  });
  const { runs, damaged } = await storage.list();
  expect(runs).toEqual([]);
  expect(damaged).toMatchObject([{ id: 'a', fault: { code: 'E_CHECKPOINT_MISSING' } }]);
  await storage.remove('a');
  expect((await storage.list()).damaged).toEqual([]);
});

test('a reader that rejects a write gets the previous one', async () => {
  const tab = openTab();
  for (const step of [1, 2]) await tab.put(facts('a', step), filesOf(step));
  const { value, skipped } = await storage.read('a', NAMES, async ({ step }) =>
    step === 2 ? await storage.read('none', NAMES, () => 0).then(() => 0) : step,
  );
  expect([value, skipped?.code]).toEqual([1, 'E_CHECKPOINT_NONE']);
});

test('a run that is rewritten while it is read is read again, and is not damaged', async () => {
  const tab = openTab();
  await tab.put(facts('a', 1), filesOf(1));
  const { value } = await storage.read('a', ['record.json'], async ({ step }) => {
    if (step === 2) return step;
    await tab.put(facts('a', 2, 'finished'), new Map([...filesOf(2)].slice(0, 1)));
    return await storage.read('none', NAMES, () => 0).then(() => 0);
  });
  expect(value).toBe(2);
});

test('above the limit the oldest runs are deleted, finished ones first', async () => {
  const tab = openTab();
  await tab.put(facts('interrupted', 1), filesOf(1));
  for (const id of ['first', 'second', 'third'])
    await tab.put(facts(id, 1, 'finished'), filesOf(1), { most: 3 });
  expect((await storage.list()).runs.map(({ id }) => id)).toEqual(['third', 'second', 'interrupted']);
});
