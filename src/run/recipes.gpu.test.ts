import { expect, test } from 'vitest';
import { withRecipe } from '../settings/choices.ts';
import { DEFAULT_CALIBRATION, RECIPES, type RecipeName } from '../settings/recipes.ts';
import { FRONTIER_MODEL } from '../settings/teacher-kinds.ts';
import { runConfigSchema, type RunConfig } from '../settings/run-config.ts';
import { Gpu } from '../gpu/gpu.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { tinyConfig, tinyLab } from '../testing/tiny-lab.ts';
import type { OpenModel } from '../assets/open-model.ts';
import { comparable, eventsOf, runWhole } from '../testing/session-runs.ts';

const SMALL_SET = { ...DEFAULT_CALIBRATION, pairs: 16, epochs: 1, batch: 8 };
/** A random model's answers are never judged rich or a refusal; general questions accept any answer. */
const GENERAL: RunConfig['mix'] = { benign: 0, borderline: 0, harmful: 0, general: 1 };

let opened: Promise<OpenModel> | undefined;
/** One opened model for the file: kernels are compiled once. */
const openTiny = (): Promise<OpenModel> =>
  (opened ??= requestTestDevice().then(device => tinyLab(new Gpu(device))));

/** A recipe with two steps of a few short answers, evaluated after each. */
function smallRecipe(recipe: RecipeName, changes: Partial<RunConfig> = {}): RunConfig {
  const { mix, rolloutsPerQuery, calibration, ...config } = withRecipe(tinyConfig(), recipe);
  return runConfigSchema.parse({
    ...config,
    steps: 2,
    queries: 2,
    rolloutsPerQuery: Math.min(2, rolloutsPerQuery),
    mix: config.objective.kind === 'supervised' ? GENERAL : mix,
    calibration: calibration && SMALL_SET,
    evaluation: { every: 1, queriesPerKind: 2, geometry: false, benchmarkItems: 0, inspect: 1 },
    ...changes,
  });
}

const trainable = (events: Awaited<ReturnType<typeof runWhole>>): Float32Array[] =>
  eventsOf(events, 'checkpoint').map(({ checkpoint }) => checkpoint.learner.trainable);

const teachers = (events: Awaited<ReturnType<typeof runWhole>>) =>
  eventsOf(events, 'checkpoint').map(({ checkpoint }) => checkpoint.teacher!);

const differ = (a: ArrayLike<number>, b: ArrayLike<number>): boolean =>
  Array.from(a).some((value, i) => value !== b[i]);

test.each(RECIPES)('%s takes its steps, moves the student and frees its memory', async recipe => {
  const lab = await openTiny();
  const config = smallRecipe(recipe);
  // Outside the run: an external model stays open.
  await lab.externals.open(FRONTIER_MODEL);
  const before = lab.gpu.memory.bytes;
  const events = await runWhole(lab, config);
  expect(lab.gpu.memory.bytes).toBe(before);
  const steps = eventsOf(events, 'step').map(({ record }) => record);
  expect(steps.map(({ step }) => step)).toEqual([1, 2]);
  const [start, first, second] = trainable(events);
  // A random model earns no reward, and the anchor keeps it in place: GRPO has nothing to learn.
  const moves = recipe !== 'grpo';
  expect(differ(start!, first!)).toBe(moves);
  expect(differ(first!, second!)).toBe(moves);
  const supervised = config.objective.kind === 'supervised';
  for (const { reverseKl, tokens, rolloutSeconds } of steps) {
    expect(tokens).toBeGreaterThan(0);
    expect(reverseKl === null).toBe(supervised);
    expect(rolloutSeconds! > 0).toBe(!supervised);
  }
  expect(eventsOf(events, 'inspections').map(({ records }) => records.length)).toEqual([4, 8, 8]);
  const [teacher] = eventsOf(events, 'teacher');
  expect(teacher!.record.benign.refusalOpening === null).toBe(config.teacher.kind === 'external');
  expect(eventsOf(events, 'calibration').map(({ record }) => record.rows.length)).toEqual(
    config.teacher.kind === 'calibrated' ? [16] : [],
  );
});

test('an EMA teacher is decay · teacher + (1 − decay) · student after each step, in a supervised run too', async () => {
  const lab = await openTiny();
  const events = await runWhole(lab, smallRecipe('sft-refuse', { teacher: { kind: 'ema', decay: 0.75 } }));
  const students = trainable(events);
  const [start, ...followed] = teachers(events);
  assertClose(start!, students[0]!, 'exact');
  let expected = Float64Array.from(start!);
  for (const [i, teacher] of followed.entries()) {
    expected = expected.map((value, at) => 0.75 * value + 0.25 * students[i + 1]![at]!);
    assertClose(teacher, expected, 'f32Elementwise', `step ${i + 1}`);
  }
  expect(differ(followed[1]!, start!)).toBe(true);
});

test('a refreshed teacher is fixed until its step, then becomes the student', async () => {
  const lab = await openTiny();
  const events = await runWhole(lab, smallRecipe('opsd', { teacher: { kind: 'refreshed', every: 2 } }));
  const students = trainable(events);
  const [start, first, second] = teachers(events);
  assertClose(first!, start!, 'exact');
  assertClose(second!, students[2]!, 'exact');
  expect(differ(second!, start!)).toBe(true);
});

test('a live teacher differs from the student only by the constitution', async () => {
  const lab = await openTiny();
  const constitution = { title: 'empty', clauses: [] };
  const events = await runWhole(lab, smallRecipe('opsd-moving', { constitution }));
  for (const { record } of eventsOf(events, 'step')) expect(Math.abs(record.reverseKl!)).toBeLessThan(1e-6);
  const apart = eventsOf(await runWhole(lab, smallRecipe('opsd-moving')), 'step');
  expect(apart[1]!.record.reverseKl!).toBeGreaterThan(1e-3);
});

test.each([
  ['a calibrated teacher', smallRecipe('copsd')],
  ['an EMA teacher, with the geometry', smallRecipe('opsd', { teacher: { kind: 'ema', decay: 0.5 } })],
] as const)('a run with %s resumes from a checkpoint as if it had not stopped', async (name, small) => {
  const lab = await openTiny();
  const geometry = name.includes('geometry');
  const config = { ...small, steps: 3, evaluation: { ...small.evaluation, geometry } };
  const whole = await runWhole(lab, config);
  const [, checkpoint] = eventsOf(whole, 'checkpoint').map(event => event.checkpoint);
  const rest = await runWhole(lab, config, checkpoint);
  expect(eventsOf(rest, 'step').map(({ record }) => record.step)).toEqual([2, 3]);
  expect(eventsOf(rest, 'calibration')).toEqual([]);
  const after = (events: typeof whole): unknown[] =>
    comparable(events).filter(record => (record as { step: number }).step > 1);
  expect(after(rest)).toEqual(after(whole));
  expect(after(whole)).toHaveLength(geometry ? 6 : 4);
  const [axes] = eventsOf(whole, 'geometry-baseline');
  expect(axes !== undefined).toBe(geometry);
  if (axes) expect(axes.record.teacher?.states).not.toBeNull();
  assertClose(trainable(rest).at(-1)!, trainable(whole).at(-1)!, 'exact');
});

test('tokens left out at the beginning are not in the loss', async () => {
  const lab = await openTiny();
  const skipping = (skipFirst: number) =>
    smallRecipe('opsd', { shaping: { topK: 0, tokenClip: 0, skipFirst }, steps: 1 });
  const all = eventsOf(await runWhole(lab, skipping(8)), 'step')[0]!.record;
  expect(all.reverseKl).toBeGreaterThan(0);
  expect(all.loss).toBeNull();
  expect(all.gradientNorm).toBe(0);
  const [none] = eventsOf(await runWhole(lab, skipping(0)), 'step');
  expect(none!.record.loss).toBeCloseTo(none!.record.reverseKl!, 5);
});

test('a supervised run without target answers is refused before it starts', async () => {
  const lab = await openTiny();
  const before = lab.gpu.memory.bytes;
  const harmful = { ...GENERAL, general: 0, harmful: 1 };
  await expect(runWhole(lab, smallRecipe('sft-refuse', { mix: harmful }))).rejects.toThrow(
    /E_TARGETS.*‘refuse’/,
  );
  expect(lab.gpu.memory.bytes).toBe(before);
});
