import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import type { RunConfig } from '../contract/run-config.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { tinyConfig, tinyLab } from '../testing/tiny-lab.ts';
import { decodeRun, type StoredRun } from './checkpoint-file.ts';
import type { Lab } from './lab.ts';
import { MemoryShelf } from './memory-shelf-fixture.ts';
import { hostOn } from './session-fixture.ts';
import type { RunRecord } from '../contract/run-record.ts';

const openTiny = async (): Promise<Lab> => tinyLab(new Gpu(await requestTestDevice()));
const ID = 'run';

/** What two runs of the same settings agree on: all but times. */
const figures = ({ steps, evals, teacher, samples, geometry }: RunRecord): unknown => ({
  ...{ evals, teacher, samples, geometry },
  steps: steps.map(step => ({ ...step, seconds: 0, rolloutSeconds: 0 })),
});

/** A whole run on a device of its own. */
async function uninterrupted(config: RunConfig): Promise<RunRecord> {
  const { host, until, status } = hostOn(await openTiny());
  await host.start({ id: ID, label: 'Run 1', config, paused: false });
  await until(status('finished'));
  return host.record();
}

/** Steps until `at`, holds there, and writes what is kept then. */
async function keptAt(config: RunConfig, at: number): Promise<MemoryShelf> {
  const shelf = new MemoryShelf();
  const { host, until, status, keeper } = hostOn(await openTiny(), shelf);
  await host.start({ id: ID, label: 'Run 1', config, paused: true });
  for (let step = 1; step <= at; step++) {
    await until(({ type }) => type === 'memory');
    host.step();
    await until(event => event.type === 'step' && event.record.step === step);
  }
  host.stop();
  await until(status('stopped'));
  await expect.poll(() => shelf.written.at(-1)?.status).toBe('stopped');
  await keeper!.settled();
  return shelf;
}

const stored = async (shelf: MemoryShelf): Promise<StoredRun> =>
  (await shelf.read(ID, [], (facts, files) => decodeRun(facts, files))).value;

const LORA = { rank: 2, alpha: 4, targets: ['q_proj' as const, 'down_proj' as const], lastLayers: 0 };

test.each([
  ['all weights', tinyConfig(), 3],
  ['an adapter', tinyConfig({ lora: LORA }), 1],
  [
    'a teacher that follows',
    { ...smallRecipe('opsd', { teacher: { kind: 'ema', decay: 0.5 } }), steps: 4 },
    2,
  ],
  ['a calibrated teacher', { ...smallRecipe('copsd'), steps: 4 }, 3],
] as const)(
  'a run of %s that was stopped, kept as files and opened on another device gives the same losses',
  async (_, config, at) => {
    const whole = await uninterrupted(config);
    const shelf = await keptAt(config, at);
    expect(shelf.written.at(-1)).toMatchObject({ status: 'stopped', step: at, resumableStep: at });
    const second = hostOn(await openTiny(), shelf);
    await second.host.start({ id: ID, label: 'Run 1', config, paused: false }, await stored(shelf));
    await second.until(second.status('finished'));
    const rest = second.host.record();
    expect(figures(rest)).toEqual(figures(whole));
    await second.keeper!.settled();
    expect(shelf.written.at(-1)).toMatchObject({ status: 'finished', step: 4, resumableStep: null });
  },
);

test('live changes and the checkpoints of pauses do not get lost, nor do they change the run', async () => {
  const config = tinyConfig({ steps: 6, evaluation: { ...tinyConfig().evaluation, every: 6 } });
  const change = async (lab: Lab, shelf: MemoryShelf | null, stopAt: number): Promise<RunRecord> => {
    const { host, until, status, keeper } = hostOn(lab, shelf);
    await host.start({ id: ID, label: 'Run 1', config, paused: true });
    for (let step = 1; step <= 3; step++) {
      await until(({ type }) => type === 'memory');
      if (step === 2) host.setLive({ learningRate: 3e-4, temperature: 0.7 });
      host.step();
      await until(event => event.type === 'step' && event.record.step === step);
    }
    if (stopAt === 3) host.stop();
    else host.resume();
    await until(status(stopAt === 3 ? 'stopped' : 'finished'));
    if (shelf) await expect.poll(() => shelf.written.at(-1)?.status).toBe('stopped');
    await keeper?.settled();
    return host.record();
  };
  const whole = await change(await openTiny(), null, 6);
  const shelf = new MemoryShelf();
  await change(await openTiny(), shelf, 3);
  const { host, until, status } = hostOn(await openTiny());
  await host.start({ id: ID, label: 'Run 1', config, paused: false }, await stored(shelf));
  await until(status('finished'));
  expect(figures(host.record())).toEqual(figures(whole));
  expect(host.record().receipt.liveChanges).toEqual([{ learningRate: 3e-4, temperature: 0.7, step: 2 }]);
});

test('a lost device is come back from once, by itself; then the run ends with its weights', async () => {
  const whole = await uninterrupted(tinyConfig());
  const shelf = new MemoryShelf();
  let lab = await openTiny();
  const { host, events, until, status, keeper } = hostOn(
    async () => (lab.gpu.lost ? (lab = await openTiny()) : lab),
    shelf,
  );
  await host.start({ id: ID, label: 'Run 1', config: tinyConfig(), paused: false });
  await until(event => event.type === 'step' && event.record.step === 3);
  lab.gpu.device.destroy();
  await until(({ type }) => type === 'rewound');
  await until(status('finished'));
  expect(figures(host.record())).toEqual(figures(whole));
  expect(events.find(({ type }) => type === 'rewound')).toMatchObject({
    step: 2,
    fault: { code: 'E_GPU_LOST', consequence: expect.stringContaining('went on by itself') as string },
  });
  await keeper!.settled();
});

test('a disk that is full is told once, and the run goes on', async () => {
  const shelf = new MemoryShelf();
  shelf.full = true;
  const { host, events, until, status, keeper } = hostOn(await openTiny(), shelf);
  await host.start({ id: ID, label: 'Run 1', config: tinyConfig(), paused: false });
  await until(status('finished'));
  await keeper!.settled();
  const told = events.flatMap(event => (event.type === 'kept' ? [event.fault?.code] : []));
  expect(told).toEqual(['E_CHECKPOINT_FULL']);
});

test('a checkpoint of other weights is refused', async () => {
  const shelf = await keptAt(tinyConfig(), 1);
  const kept = await stored(shelf);
  const other = { ...kept, checkpoint: { ...kept.checkpoint, weightsSha256: 'other' } };
  const { host, events } = hostOn(await openTiny());
  await host.start({ id: ID, label: 'Run 1', config: tinyConfig(), paused: false }, other);
  await expect
    .poll(() => events.flatMap(event => (event.type === 'fault' ? [event.fault.code] : [])))
    .toEqual(['E_CHECKPOINT_MODEL']);
});
