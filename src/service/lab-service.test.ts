import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '../contract/outcome.ts';
import { countingDevice } from '../gpu/counting-device.ts';
import { Gpu } from '../gpu/gpu.ts';
import { memorySource } from '../model/checkpoint/model-source.ts';
import type { ModelSource } from '../contract/model-source.ts';
import type { LabApi, LabEvent } from '../protocol/lab-api.ts';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import { tinySource } from '../testing/tiny-lab.ts';
import { noStore } from './chat-lab-fixture.ts';
import { createLabService } from './lab-service.ts';
import { MemoryRunStorage } from './memory-run-storage-fixture.ts';
import { answered } from './outcome.ts';

/** A device that takes buffers and computes nothing. */
function fakeDevice() {
  const device = countingDevice();
  const destroy = vi.fn<() => void>();
  const buffers = new Set<string>();
  const create = device.createBuffer.bind(device);
  Object.assign(device, {
    destroy,
    createBuffer(descriptor: GPUBufferDescriptor) {
      const label = String(descriptor.label);
      buffers.add(label);
      return Object.assign(create(descriptor), { destroy: () => buffers.delete(label) });
    },
    pushErrorScope: () => undefined,
    popErrorScope: () => Promise.resolve(null),
  });
  return { device, buffers, destroy };
}

/** A model whose weights cannot be read to their end. */
function brokenSource(): ModelSource {
  const source = tinySource();
  let reads = 0;
  return {
    ...source,
    name: 'broken',
    read: (path, ...range) =>
      path === 'model.safetensors' && ++reads > 2
        ? Promise.reject(new Error('the disk is gone'))
        : source.read(path, ...range),
  };
}

// The tests of a machine that does other things besides.
vi.setConfig({ testTimeout: 30_000 });
const patiently = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 20_000 });

let service: LabApi;
let runs: MemoryRunStorage;
let events: LabEvent[];
let devices: ReturnType<typeof fakeDevice>[];
/** Lets the models of a test be opened. */
let openDoor: () => void;

beforeEach(async () => {
  const door = new Promise<void>(resolve => (openDoor = resolve));
  events = [];
  devices = [];
  runs = new MemoryRunStorage();
  service = answered(
    createLabService({
      openGpu: () => {
        const made = fakeDevice();
        devices.push(made);
        return Promise.resolve(new Gpu(made.device));
      },
      models: [
        { name: 'tiny', open: () => Promise.resolve(tinySource()) },
        { name: 'slow', open: () => door.then(() => tinySource()) },
        { name: 'gone', open: () => Promise.reject(new Error('no such file')) },
        { name: 'broken', open: () => Promise.resolve(brokenSource()) },
        {
          name: 'unfit',
          open: () => Promise.resolve(memorySource('unfit', new Map([['config.json', '{}']]))),
        },
      ],
      store: noStore(),
      runs,
      loadStarterPrompts: () => Promise.reject(new Error('not asked for')),
      loadExternal: () => Promise.reject(new Error('not asked for')),
      runtime: 'test',
    }),
  );
  // A run of the test before may still have something to say.
  const own = events;
  await service.subscribe(batch => own.push(...batch));
});
afterEach(() => openDoor());

const start = (id: string, model: string): Promise<Outcome<null>> =>
  service.start({ id, label: id, config: { ...DEFAULT_CONFIG, model }, paused: true });
const seen = (type: LabEvent['type'], runId: string): Promise<void> =>
  patiently(() => expect(events.find(event => event.type === type && event.runId === runId)).toBeDefined());
const statusOf = (id: string): string | undefined =>
  events.flatMap(event => (event.type === 'status' && event.runId === id ? [event.status] : [])).at(-1);
const code = (outcome: Outcome<unknown>): string => (outcome.ok ? 'ok' : outcome.fault.code);

describe('a model that cannot be opened', () => {
  it.each(['gone', 'broken'])('fails its own run, and the next opens another (%s)', async model => {
    expect(await start('first', model)).toEqual({ ok: true, value: null });
    await seen('fault', 'first');
    await patiently(() => expect(statusOf('first')).toBe('failed'));
    await start('second', 'tiny');
    await seen('opened', 'second');
  });

  it('leaves no device, and none of its buffers', async () => {
    await start('first', 'broken');
    await seen('fault', 'first');
    expect(devices).toHaveLength(1);
    expect(devices[0]!.destroy).toHaveBeenCalled();
    expect([...devices[0]!.buffers]).toEqual([]);
  });

  it.each(['gone', 'unfit'])('takes nothing from the model that is open (%s)', async model => {
    await start('first', 'tiny');
    await seen('opened', 'first');
    await start('second', model);
    await seen('fault', 'second');
    expect(devices[0]!.destroy).not.toHaveBeenCalled();
    await start('third', 'tiny');
    await seen('opened', 'third');
    expect(devices).toHaveLength(1);
  });
});

describe('commands', () => {
  /** Everything that can be asked about one run. */
  const about = (id: string): readonly (() => Promise<Outcome<unknown>>)[] => [
    () => service.pause(id),
    () => service.resume(id),
    () => service.step(id),
    () => service.inspect(id),
    () => service.stop(id),
    () => service.recover(id),
    () => service.setLive(id, { temperature: 0.5 }),
    () => service.setDropped(id, [1]),
    () => service.record(id),
    () => service.exportRun(id, 'merged'),
  ];

  it('about a run that is gone say so, and touch no other', async () => {
    await start('first', 'slow');
    await start('second', 'slow');
    for (const ask of about('first')) {
      const outcome = await ask();
      expect(code(outcome)).toBe('E_RUN_GONE');
      if (!outcome.ok) expect(outcome.fault.consequence).toMatch(/no other run was touched/);
    }
    openDoor();
    await seen('opened', 'second');
    await patiently(() => expect(statusOf('second')).not.toBe('preparing'));
    expect(
      events.some(event => event.type === 'status' && event.status === 'stopped' && event.runId === 'second'),
    ).toBe(false);
    expect(statusOf('first')).toBe('stopped');
  });

  it('before there is any run say the same', async () => {
    for (const ask of about('first')) expect(code(await ask())).toBe('E_RUN_GONE');
    expect(devices).toEqual([]);
  });

  it('stop a run that waits for its model: it never trains, whatever its model does', async () => {
    await start('first', 'slow');
    expect(code(await service.stop('first'))).toBe('ok');
    await patiently(() => expect(statusOf('first')).toBe('stopped'));
    openDoor();
    await start('second', 'tiny');
    await seen('opened', 'second');
    expect(statusOf('first')).toBe('stopped');
    expect(
      events.filter(({ type, runId }) => runId === 'first' && type !== 'status' && type !== 'opened'),
    ).toEqual([]);
  });

  it('do not take the device from a run to try a teacher of another model', async () => {
    await start('first', 'slow');
    const files = { name: 'mine', config: {}, tokenizer: {}, onnx: new Uint8Array() };
    const outcome = await service.addTeacher({ name: 'tiny', storage: 'f32' }, files);
    expect(outcome).toMatchObject({
      ok: false,
      fault: { code: 'E_RUN_STATE', nextStep: expect.stringContaining('when the run has ended') as string },
    });
    openDoor();
    await seen('opened', 'first');
    expect(devices).toHaveLength(1);
  });

  it('check settings before anything ends', async () => {
    await start('first', 'slow');
    const config = { ...DEFAULT_CONFIG, steps: 0 };
    expect(code(await service.start({ id: 'second', label: '', config, paused: false }))).toBe('E_CONFIG');
    expect(code(await service.pause('first'))).toBe('ok');
  });
});

describe('a kept run that is being read', () => {
  /** Reading waits until what is answered is called. */
  const slowly = (): (() => void) => {
    let finish = (): void => undefined;
    const read = new Promise<void>(resolve => (finish = resolve));
    const facts = { label: 'Kept', config: { ...DEFAULT_CONFIG, model: 'tiny' } };
    const stored = { checkpoint: { step: 4 }, record: {}, live: {} };
    vi.spyOn(runs, 'read').mockImplementation(async () => {
      await read;
      return { value: { facts, stored }, skipped: null };
    });
    return finish;
  };

  it('is given up where another is started meanwhile, which goes on', async () => {
    const finish = slowly();
    const resumed = service.resumeKept('kept');
    await start('other', 'tiny');
    finish();
    expect(code(await resumed)).toBe('E_RUN_GONE');
    await seen('opened', 'other');
    expect(statusOf('other')).not.toBe('stopped');
  });

  it('is given up where it is stopped meanwhile; the run there is goes on', async () => {
    await start('going', 'slow');
    const finish = slowly();
    const resumed = service.resumeKept('kept');
    expect(code(await service.stop('kept'))).toBe('ok');
    finish();
    expect(code(await resumed)).toBe('E_RUN_GONE');
    expect(code(await service.pause('going'))).toBe('ok');
    openDoor();
    await seen('opened', 'going');
    expect(statusOf('going')).not.toBe('stopped');
  });

  it('takes nothing from the run there is, where it cannot be read', async () => {
    await start('going', 'slow');
    expect(code(await service.resumeKept('kept'))).toBe('E_CHECKPOINT_NONE');
    expect(code(await service.pause('going'))).toBe('ok');
    expect(events.filter(event => event.type === 'status' && event.status === 'stopped')).toEqual([]);
  });
});
