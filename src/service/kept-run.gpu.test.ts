import { expect, test } from 'vitest';
import { openGpu } from '../gpu/device.ts';
import { Gpu } from '../gpu/gpu.ts';
import { withRecipe } from '../settings/choices.ts';
import { type RecipeName, DEFAULT_CALIBRATION } from '../settings/recipes.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { RunRecord } from '../record/run-record.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { tinyConfig, tinyLab } from '../testing/tiny-lab.ts';
import { decodeRun, type StoredRun } from '../run/checkpoint-file.ts';
import type { OpenModel } from '../assets/open-model.ts';
import { MemoryRunStorage } from './memory-run-storage-fixture.ts';
import type { RunHost } from './run-host.ts';
import { hostOn } from '../testing/session-runs.ts';

const openTiny = async (): Promise<OpenModel> => tinyLab(new Gpu(await requestTestDevice()));
const ID = 'run';
const RUN = { id: ID, label: 'Run 1', paused: false };

/** What two runs of the same settings agree on: all but times. */
const figures = ({ steps, evals, teacher, samples, geometry }: RunRecord): unknown => ({
  evals,
  teacher,
  samples,
  geometry,
  steps: steps.map(step => ({ ...step, seconds: 0, rolloutSeconds: 0 })),
});

/** A whole run in a lab of its own, or the rest of one. */
async function runToEnd(
  config: RunConfig,
  { onStep, from, registry }: { onStep?: OnStep; from?: StoredRun; registry?: MemoryRunStorage } = {},
): Promise<RunRecord> {
  const { host, until, status, saver } = hostOn(await openTiny(), registry, event => {
    if (event.type === 'step') onStep?.(host, event.record.step);
  });
  host.start({ ...RUN, config }, from);
  await until(status('finished'));
  await saver?.settled();
  return host.record(ID);
}

/** Takes steps, with changes on the way, holds after step `at`, stops there, and answers what is kept then. */
async function keptAt(config: RunConfig, at: number, onStep?: OnStep): Promise<MemoryRunStorage> {
  const registry = new MemoryRunStorage();
  const { host, until, status, saver } = hostOn(await openTiny(), registry, event => {
    if (event.type !== 'step') return;
    onStep?.(host, event.record.step);
    if (event.record.step === at) host.pause(ID);
  });
  host.start({ ...RUN, config });
  await until(event => event.type === 'kept' && event.step === at);
  host.stop(ID);
  await until(status('stopped'));
  await expect.poll(() => registry.written.at(-1)?.status).toBe('stopped');
  await saver!.settled();
  return registry;
}
type OnStep = (host: RunHost, step: number) => void;

const stored = async (registry: MemoryRunStorage): Promise<StoredRun> =>
  (await registry.read(ID, [], (facts, files) => decodeRun(facts, files))).value;

const LORA = { rank: 2, alpha: 4, targets: ['q_proj' as const, 'down_proj' as const], lastLayers: 0 };

/** A recipe in four steps of a few short answers. */
function smallRecipe(recipe: RecipeName, changes: Partial<RunConfig> = {}): RunConfig {
  const config = withRecipe(tinyConfig(), recipe);
  const calibration = config.calibration && { ...DEFAULT_CALIBRATION, pairs: 16, epochs: 1, batch: 8 };
  const { evaluation, steps, queries } = tinyConfig();
  return {
    ...config,
    steps,
    queries,
    calibration,
    evaluation: { ...evaluation, geometry: false },
    ...changes,
  };
}

test.each([
  ['all weights', tinyConfig(), 3],
  ['an adapter', tinyConfig({ lora: LORA }), 1],
  ['a teacher that follows', smallRecipe('opsd', { teacher: { kind: 'ema', decay: 0.5 } }), 2],
  ['a calibrated teacher', smallRecipe('copsd'), 3],
] as const)(
  'a run of %s that was stopped, kept as files and opened in a new lab gives the same losses',
  async (_, config, at) => {
    const whole = await runToEnd(config);
    const registry = await keptAt(config, at);
    expect(registry.written.at(-1)).toMatchObject({ status: 'stopped', step: at, resumableStep: at });
    const rest = await runToEnd(config, { registry, from: await stored(registry) });
    expect(figures(rest)).toEqual(figures(whole));
    expect(rest.steps).toHaveLength(config.steps);
    expect(registry.written.at(-1)).toMatchObject({ status: 'finished', step: 4, resumableStep: null });
  },
);

test('a run that is stopped while it trains keeps the weights of its last step', async () => {
  const config = tinyConfig({ evaluation: { ...tinyConfig().evaluation, every: 4 } });
  const whole = await runToEnd(config);
  const registry = new MemoryRunStorage();
  const { host, until, status } = hostOn(await openTiny(), registry, event => {
    if (event.type === 'step' && event.record.step === 3) host.stop(ID);
  });
  host.start({ ...RUN, config });
  await until(status('stopped'));
  await expect.poll(() => registry.written.at(-1)?.status).toBe('stopped');
  expect(registry.written.at(-1)).toMatchObject({ step: 3, resumableStep: 3 });
  const rest = await runToEnd(config, { from: await stored(registry) });
  expect(figures(rest)).toEqual(figures(whole));
});

test('of two runs that are started at once only the later one goes on', async () => {
  const { host, events, until, status } = hostOn(await openTiny());
  host.start({ ...RUN, config: tinyConfig() });
  for (const id of ['one', 'two']) host.start({ ...RUN, id, config: tinyConfig() });
  await until(event => event.type === 'status' && event.runId === 'two' && event.status === 'finished');
  expect(events.filter(event => event.type === 'step' && event.runId === 'one')).toEqual([]);
  expect(events.filter(status('finished'))).toHaveLength(1);
});

test('live changes are kept, and a checkpoint between evaluations changes nothing', async () => {
  const config = tinyConfig({ steps: 6, evaluation: { ...tinyConfig().evaluation, every: 6 } });
  const onStep: OnStep = (host, step) => {
    if (step === 1) host.setLive(ID, { learningRate: 3e-4, temperature: 0.7 });
  };
  const whole = await runToEnd(config, { onStep });
  const rest = await runToEnd(config, { from: await stored(await keptAt(config, 3, onStep)) });
  expect(figures(rest)).toEqual(figures(whole));
  expect(rest.receipt.liveChanges).toEqual([{ learningRate: 3e-4, temperature: 0.7, step: 2 }]);
});

test('a lost device is come back from once, by itself; then the run ends with its weights', async () => {
  const whole = await runToEnd(tinyConfig());
  const registry = new MemoryRunStorage();
  const onItsOwn = async (): Promise<OpenModel> => tinyLab(await openGpu(navigator.gpu));
  let lab = await onItsOwn();
  let lose = true;
  const { host, events, until, status, saver } = hostOn(
    async () => (lab.gpu.lost ? (lab = await onItsOwn()) : lab),
    registry,
    event => {
      if (event.type !== 'step' || event.record.step !== 3 || !lose) return;
      lose = false;
      lab.gpu.device.destroy();
    },
  );
  host.start({ ...RUN, config: tinyConfig() });
  await until(status('finished'));
  expect(figures(host.record(ID))).toEqual(figures(whole));
  expect(events.find(({ type }) => type === 'rewound')).toMatchObject({
    step: 2,
    fault: { code: 'E_GPU_LOST', consequence: expect.stringContaining('went on by itself') as string },
  });
  await saver!.settled();
  lab.gpu.destroy();
});

test('a disk that is full is told once, and the run goes on', async () => {
  const registry = new MemoryRunStorage();
  registry.full = true;
  const { host, events, until, status, saver } = hostOn(await openTiny(), registry);
  host.start({ ...RUN, config: tinyConfig() });
  await until(status('finished'));
  await saver!.settled();
  const told = events.flatMap(event => (event.type === 'kept' ? [event.fault?.code] : []));
  expect(told).toEqual(['E_CHECKPOINT_FULL']);
});

test('a checkpoint of other weights is refused', async () => {
  const registry = await keptAt(tinyConfig(), 1);
  const kept = await stored(registry);
  const other = { ...kept, checkpoint: { ...kept.checkpoint, weightsSha256: 'other' } };
  const { host, events } = hostOn(await openTiny());
  host.start({ ...RUN, config: tinyConfig() }, other);
  await expect
    .poll(() => events.flatMap(event => (event.type === 'fault' ? [event.fault.code] : [])))
    .toEqual(['E_CHECKPOINT_MODEL']);
});
