import { expect, test } from 'vitest';
import type { LabEvent, TeacherFiles } from '../protocol/lab-api.ts';
import { withRecipe } from '../settings/choices.ts';
import { DEFAULT_CALIBRATION } from '../settings/recipes.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { Gpu } from '../gpu/gpu.ts';
import { decoderLayout } from '../model/decoder-parameters.ts';
import { readSafetensors } from '../model/safetensors.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { tinyConfig, tinyLab, tinySource, tinyTeacherFiles } from '../testing/tiny-lab.ts';
import { noStore } from './chat-lab-fixture.ts';
import { createLabService } from './lab-service.ts';
import { answered } from './outcome.ts';
import { MemoryRunStorage } from './memory-run-storage-fixture.ts';
import { eventsOf, hostOn, runWhole } from '../testing/session-runs.ts';

const gpu = async (): Promise<Gpu> => new Gpu(await requestTestDevice());

/** COPSD in one step on a crossed set of three batches. */
function smallCopsd(changes: Partial<NonNullable<RunConfig['calibration']>> = {}): RunConfig {
  const config = withRecipe(tinyConfig(), 'copsd');
  return {
    ...config,
    steps: 1,
    queries: 2,
    calibration: { ...DEFAULT_CALIBRATION, pairs: 20, epochs: 1, batch: 8, ...changes },
  };
}

const rowsOf = (events: readonly LabEvent[]): number[] =>
  events.flatMap(event => (event.type === 'crossed' ? event.rows.map(({ id }) => id) : []));

test('a run that waits for review leaves dropped rows out, and refuses further changes once the teacher is trained', async () => {
  const lab = await tinyLab(await gpu());
  const { host, events, until, status } = hostOn(lab);
  host.start({ id: 'run', label: 'Run', config: smallCopsd({ review: true }), paused: false });
  await until(status('paused'));
  expect(rowsOf(events)).toEqual(Array.from({ length: 20 }, (_, id) => id));
  expect(events.some(({ type }) => type === 'calibration-step')).toBe(false);
  const kept = [3, 17];
  const dropped = rowsOf(events).filter(id => !kept.includes(id));
  expect(host.setDropped('run', dropped)).toEqual({ dropped });
  expect(host.record('run').calibration).toMatchObject({ artefact: null, dropped, steps: [] });
  host.resume('run');
  await until(status('finished'));
  expect(() => host.setDropped('run', [])).toThrow(/E_RUN_STATE/);
  const { calibration } = host.record('run');
  expect(calibration!.dropped).toEqual(dropped);
  expect(calibration!.rows).toHaveLength(20);
  // Two rows are in at most two of three batches.
  expect(calibration!.steps.length).toBeLessThanOrEqual(2);
  expect(lab.artefacts.list()).toMatchObject([{ name: calibration!.artefact, rows: 2 }]);
});

test('a run in which every row was dropped does not start', async () => {
  const lab = await tinyLab(await gpu());
  const { host, events, until, status } = hostOn(lab);
  host.start({ id: 'run', label: 'Run', config: smallCopsd({ review: true }), paused: false });
  await until(status('paused'));
  host.setDropped('run', rowsOf(events));
  host.resume('run');
  await until(status('failed'));
  expect(events.findLast(({ type }) => type === 'fault')).toMatchObject({
    fault: { code: 'E_CROSSED_EMPTY' },
  });
  expect(lab.artefacts.list()).toEqual([]);
});

test('rows dropped and restored while the teacher trains make another teacher', async () => {
  const lab = await tinyLab(await gpu());
  const { host, events, until, status } = hostOn(lab);
  host.start({ id: 'run', label: 'Run', config: smallCopsd({ review: true }), paused: false });
  await until(status('paused'));
  host.setDropped('run', [0, 1, 2, 3]);
  host.step('run');
  host.step('run');
  await until(({ type }) => type === 'calibration-step');
  host.setDropped('run', []);
  host.resume('run');
  await until(status('finished'));
  const first = host.record('run').calibration!;
  expect(first.dropped).toEqual([]);
  const record = eventsOf(await runWhole(lab, smallCopsd()), 'calibration')[0]!.record;
  expect(record.reused).toBe(false);
  expect(record.artefact).not.toBe(first.artefact);
  expect(events.some(({ type }) => type === 'fault')).toBe(false);
});

test('a calibrated teacher is trained, reused by the next run of the same settings, and opens as a model', async () => {
  const lab = await tinyLab(await gpu());
  const config = smallCopsd({ epochs: 6, learningRate: 1e-2 });
  const events = await runWhole(lab, config);
  const [first] = eventsOf(events, 'calibration');
  const { artefact, steps, reused, before, after } = first!.record;
  expect(reused).toBe(false);
  expect(steps.map(({ step, of }) => step / of).at(-1)).toBe(1);
  expect(steps.at(-1)!.loss).toBeLessThan(steps[0]!.loss - 0.5);
  expect(after!.benign.entropy).not.toBe(before!.benign.entropy);
  expect(eventsOf(events, 'crossed').flatMap(({ rows }) => rows)).toEqual(first!.record.rows);

  const arrays = readSafetensors(lab.artefacts.file(artefact!), 'teacher.safetensors');
  const base = readSafetensors(await tinySource().read('model.safetensors'), 'model.safetensors');
  expect([...arrays.keys()].sort()).toEqual(
    decoderLayout(lab.config)
      .entries.map(({ name }) => name)
      .sort(),
  );
  for (const [name, { shape, data }] of arrays) {
    expect(shape).toEqual(base.get(name)!.shape);
    expect(data.every(Number.isFinite)).toBe(true);
  }
  const norm = 'model.norm.weight';
  expect(arrays.get(norm)!.data).not.toEqual(base.get(norm)!.data);

  const memory = lab.gpu.memory.bytes;
  const again = await runWhole(lab, config);
  expect(lab.gpu.memory.bytes).toBe(memory);
  const [second] = eventsOf(again, 'calibration');
  expect(second!.record).toEqual({ ...first!.record, reused: true });
  expect(eventsOf(again, 'calibration-step')).toEqual([]);
  const loss = (all: typeof events): number | null => eventsOf(all, 'step')[0]!.record.loss;
  expect(loss(again)).toBe(loss(events));
  expect(() => lab.artefacts.file('calibrated-0')).toThrow(/E_ARTEFACT/);
});

test('an adapter can be the calibrated teacher', async () => {
  const lab = await tinyLab(await gpu());
  const lora: RunConfig['lora'] = { rank: 2, alpha: 4, targets: ['o_proj'], lastLayers: 0 };
  const events = await runWhole(lab, { ...smallCopsd({ learningRate: 1e-2 }), lora });
  const { artefact } = eventsOf(events, 'calibration')[0]!.record;
  const names = [...readSafetensors(lab.artefacts.file(artefact!), 'teacher.safetensors').keys()];
  expect(names.length).toBeGreaterThan(0);
  expect(names.every(name => name.includes('o_proj') && name.includes('lora'))).toBe(true);
  expect(eventsOf(events, 'step')[0]!.record.reverseKl).toBeGreaterThan(0);
});

test('a teacher with uniform logits is refused before the run, and so is a frontier', async () => {
  const dead = await tinyLab(await gpu(), { opinion: 1 });
  await expect(runWhole(dead, tinyConfig())).rejects.toThrow(/E_TEACHER_DEAD: tiny, frozen/);
  const lab = await tinyLab(await gpu(), {
    externals: name => Promise.resolve(tinyTeacherFiles(name, { opinion: name === 'equal' ? 0 : 1 })),
  });
  const before = lab.gpu.memory.bytes;
  const external = (model: string) => tinyConfig({ teacher: { kind: 'external', model } });
  await expect(runWhole(lab, external('equal'))).rejects.toThrow(/E_TEACHER_DEAD.*equal/);
  await expect(runWhole(lab, external('vague'))).rejects.toThrow(/E_TEACHER_DEAD.*vague/);
  expect(lab.gpu.memory.bytes).toBe(before);
});

/** The same files with the words of two tokens swapped. */
function swapped(files: TeacherFiles): TeacherFiles {
  const tokenizer = structuredClone(files.tokenizer) as { model: { vocab: Record<string, number> } };
  const { vocab } = tokenizer.model;
  const [a, b] = Object.keys(vocab).slice(-2) as [string, string];
  [vocab[a], vocab[b]] = [vocab[b]!, vocab[a]!];
  return { ...files, tokenizer };
}

test('a teacher with another tokenizer is refused; one added twice under a name is two teachers', async () => {
  const device = await gpu();
  const service = createLabService({
    openGpu: () => Promise.resolve(device),
    models: [{ name: 'tiny', open: () => Promise.resolve(tinySource()) }],
    store: noStore(),
    runs: new MemoryRunStorage(),
    loadStarterPrompts: () => Promise.reject(new Error('not asked for')),
    loadExternal: name => Promise.resolve(tinyTeacherFiles(name)),
    runtime: 'test',
  });
  const addTeacher = (files: TeacherFiles) =>
    answered(service).addTeacher({ name: 'tiny', storage: 'f32' }, files);
  const fits = tinyTeacherFiles('mine');
  expect(await addTeacher(swapped(fits))).toMatchObject({
    ok: false,
    fault: { code: 'E_TEACHER_TOKENIZER', place: expect.stringMatching(/token id \d+/) as string },
  });
  expect(await addTeacher(fits)).toEqual({ ok: true, value: { name: 'own: mine' } });
  const other = tinyTeacherFiles('mine', { seed: 3 });
  expect(await addTeacher(other)).toEqual({ ok: true, value: { name: 'own: mine (2)' } });
  expect(await addTeacher({ ...other, onnx: new Uint8Array(8) })).toMatchObject({ ok: false });
  expect(await addTeacher(other)).toMatchObject({ value: { name: 'own: mine (3)' } });
});
