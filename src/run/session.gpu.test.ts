import { expect, test } from 'vitest';
import { LabError } from '../contract/errors.ts';
import { Gpu } from '../gpu/gpu.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { tinyConfig, tinyLab } from '../testing/tiny-lab.ts';
import { RunData } from '../record/run-data.ts';
import { comparable, eventsOf, hostOn, runWhole } from '../testing/session-runs.ts';
import type { SessionEvent } from './session.ts';

const atRate = (config: RunConfig, learningRate: number): RunConfig => ({
  ...config,
  optimizer: { ...config.optimizer, learningRate },
});

async function openTiny() {
  return await tinyLab(new Gpu(await requestTestDevice()));
}

test('a run reports base, teacher, every step and evaluation in order, and frees its memory', async () => {
  const lab = await openTiny();
  const before = lab.gpu.memory.bytes;
  const events = await runWhole(lab, tinyConfig());
  const told = events.filter(
    event => event.type === 'step' || event.type === 'evaluation' || event.type === 'teacher',
  );
  expect(told.map(event => `${event.type} ${event.record.step}`)).toEqual([
    ...['evaluation 0', 'teacher 0', 'step 1', 'step 2', 'evaluation 2', 'step 3', 'step 4', 'evaluation 4'],
  ]);
  expect(lab.gpu.memory.bytes).toBe(before);
  const data = new RunData();
  for (const event of events) data.apply(event);
  const record = data.toRecord();
  expect(record?.steps).toHaveLength(4);
  expect(record?.teacher?.klToTeacher).toBeNull();
  expect(record?.receipt.model.trainable).toBe(lab.base.parameters.layout.count);
  expect(record?.samples).toHaveLength(3 * 4 * 2);
});

test('the same seed gives the same run', async () => {
  const lab = await openTiny();
  const first = comparable(await runWhole(lab, tinyConfig()));
  expect(comparable(await runWhole(lab, tinyConfig()))).toEqual(first);
});

test('a run resumes from a checkpoint as if it had not stopped', async () => {
  const lab = await openTiny();
  const whole = await runWhole(lab, tinyConfig());
  const checkpoint = whole
    .flatMap(event => (event.type === 'checkpoint' ? [event.checkpoint] : []))
    .find(({ step }) => step === 2);
  const rest = await runWhole(lab, tinyConfig(), checkpoint);
  const after = (events: readonly SessionEvent[]): unknown[] =>
    comparable(events).filter(record => (record as { step: number }).step > 2);
  expect(after(rest)).toEqual(after(whole));
});

test.each(['reverse-kl', 'forward-kl', 'sampled-advantage'] as const)(
  '%s through a LoRA adapter moves the student',
  async kind => {
    const lab = await openTiny();
    const lora = {
      rank: 2,
      alpha: 4,
      targets: ['q_proj', 'down_proj'] as ('q_proj' | 'down_proj')[],
      lastLayers: 0,
    };
    const config = tinyConfig({ objective: { kind }, lora, steps: 2, queries: 2, rolloutsPerQuery: 2 });
    const events = await runWhole(lab, atRate(config, 1e-2));
    const norms = events.flatMap(event => (event.type === 'step' ? [event.record.gradientNorm!] : []));
    expect(Math.min(...norms)).toBeGreaterThan(0);
  },
);

test('non-finite numbers end the run, naming the step and what to do', async () => {
  const lab = await openTiny();
  const run = runWhole(lab, atRate(tinyConfig(), Number.MAX_VALUE));
  await expect(run).rejects.toThrow(LabError);
  await expect(run).rejects.toThrow(/E_RUN_NOT_FINITE.*Lower the learning rate/);
});

test('a constitution that does not fit the context is refused before the run', async () => {
  const lab = await openTiny();
  const clause = {
    id: 'c',
    text: 'no harm '.repeat(240),
    category: 'default' as const,
    style: null,
    enabled: true,
  };
  const run = runWhole(lab, tinyConfig({ constitution: { title: 'long', clauses: [clause] } }));
  await expect(run).rejects.toThrow(/E_CONSTITUTION_TOO_LONG/);
});

const openHost = async () => hostOn(await openTiny());

test('a paused run takes one step on request, continues when resumed, and finishes', async () => {
  const { host, events, until, status, steps } = await openHost();
  host.start({ id: 'run', label: 'Run', config: tinyConfig(), paused: true });
  await until(event => event.type === 'status' && event.activity === 'Training');
  expect(steps()).toBe(0);
  host.step('run');
  await until(event => event.type === 'step' && event.record.step === 1);
  await new Promise(resolve => setTimeout(resolve, 100));
  expect(steps()).toBe(1);
  host.setLive('run', { learningRate: 1e-5 });
  host.resume('run');
  await until(status('finished'));
  expect(steps()).toBe(4);
  expect(host.record('run').receipt.liveChanges).toEqual([{ learningRate: 1e-5, step: 2 }]);
  expect(events.some(({ type }) => type === 'fault')).toBe(false);
});

test('inspecting the student between two steps does not change what it learns', async () => {
  const config = tinyConfig({ evaluation: { ...tinyConfig().evaluation, every: 4, inspect: 1 } });
  const { host, events, until, status } = await openHost();
  host.start({ id: 'run', label: 'Run', config, paused: true });
  await until(event => event.type === 'status' && event.activity === 'Training');
  host.step('run');
  await until(event => event.type === 'step' && event.record.step === 1);
  host.inspect('run');
  await until(event => event.type === 'inspections' && event.records[0]?.step === 1);
  host.inspect('run');
  host.resume('run');
  await until(status('finished'));
  const read = events.flatMap(event => (event.type === 'inspections' ? event.records : []));
  expect([...new Set(read.map(({ step }) => step))]).toEqual([0, 1, 4]);
  expect(read.filter(({ step }) => step === 1)).toHaveLength(8);
  expect(() => host.inspect('run')).toThrow(/finished/);
  const plain = eventsOf(await runWhole(await openTiny(), config), 'step').map(({ record }) => record.loss);
  expect(host.record('run').steps.map(({ loss }) => loss)).toEqual(plain);
});

test('stopping keeps what was recorded; another run can start at once', async () => {
  const { host, until, status } = await openHost();
  host.start({ id: 'first', label: 'Run', config: tinyConfig({ steps: 500 }), paused: false });
  await until(({ type }) => type === 'step');
  host.setLive('first', { temperature: 0.9 });
  host.stop('first');
  expect(host.record('first').steps.length).toBeGreaterThan(0);
  expect(host.record('first').receipt.liveChanges).toMatchObject([{ temperature: 0.9 }]);
  host.start({ id: 'second', label: 'Run', config: tinyConfig({ steps: 1 }), paused: false });
  await until(event => event.runId === 'second' && status('finished')(event));
  expect(host.record('second').steps).toHaveLength(1);
});

test('a failed run goes back to its last good weights', async () => {
  const { host, events, until, status } = await openHost();
  host.start({ id: 'run', label: 'Run', config: tinyConfig(), paused: true });
  await until(event => event.type === 'status' && event.activity === 'Training');
  host.setLive('run', { learningRate: Number.MAX_VALUE });
  host.resume('run');
  await until(status('failed'));
  expect(events.flatMap(event => (event.type === 'fault' ? [event.fault.code] : []))).toEqual([
    'E_RUN_NOT_FINITE',
  ]);
  const { step } = host.recover('run');
  host.setLive('run', { learningRate: 1e-4 });
  host.resume('run');
  await until(status('finished'));
  expect(step).toBeLessThan(4);
  expect(host.record('run').steps.map(record => record.step)).toEqual([1, 2, 3, 4]);
  expect(host.record('run').fault).toBeUndefined();
});
