import { expect, test } from 'vitest';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import { withRecipe } from '../settings/choices.ts';
import { loraOfRank } from '../settings/recipes.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { layoutParameters } from '../model/parameters.ts';
import { readSafetensors } from '../model/safetensors.ts';
import { artefactName, ArtefactStore, type CalibratedTeacher, type DroppedRows } from './artefacts.ts';

const COPSD = withRecipe(DEFAULT_CONFIG, 'copsd');
const name = (
  changes: Partial<RunConfig> = {},
  weights = 'base',
  dropped: DroppedRows = [],
): Promise<string> => artefactName({ ...COPSD, ...changes }, weights, dropped);
const calibration = COPSD.calibration!;
const { optimizer, evaluation } = COPSD;

test('equal settings, weights and rows give equal names', async () => {
  expect(await name()).toMatch(/^calibrated-[0-9a-f]{10}$/);
  const reordered = Object.fromEntries(Object.entries(COPSD).reverse()) as RunConfig;
  const same = [
    await artefactName(reordered, 'base', []),
    // What comes after stage 1, and whether the rows were reviewed, make no difference.
    await name({ calibration: { ...calibration, review: true } }),
    await name({ steps: 7, objective: { kind: 'forward-kl' }, rolloutsPerQuery: 3, temperature: 0.7 }),
    await name({ optimizer: { ...optimizer, learningRate: 1, schedule: 'cosine', warmupSteps: 0 } }),
  ];
  expect(new Set([await name(), ...same]).size).toBe(1);
});

test('whatever makes another teacher gives another name', async () => {
  const others = [
    await name({ seed: 2 }),
    await name({ maxNewTokens: 40 }),
    await name({ lora: loraOfRank(4) }),
    await name({ constitution: { title: 'none', clauses: [] } }),
    await name({ evaluation: { ...evaluation, queriesPerKind: 5 } }),
    await name({ optimizer: { ...optimizer, weightDecay: 0.1 } }),
    await name({ optimizer: { ...optimizer, beta2: 0.95 } }),
    await name({ optimizer: { ...optimizer, clipNorm: 0 } }),
    await name({ calibration: { ...calibration, epochs: 5 } }),
    await name({ calibration: { ...calibration, selfAnswers: false } }),
    await name({ calibration: { ...calibration, frontier: 'own: mine' } }),
    await name({}, 'other weights'),
    await name({}, 'base', [{ batch: 0, rows: [3] }]),
    await name({}, 'base', [{ batch: 0, rows: [4] }]),
    await name({}, 'base', [{ batch: 1, rows: [3] }]),
    await name({}, 'base', [
      { batch: 0, rows: [3] },
      { batch: 1, rows: [] },
    ]),
  ];
  expect(new Set([await name(), ...others]).size).toBe(others.length + 1);
});

test('a store lists its teachers, writes them as safetensors, and refuses unknown names', () => {
  const layout = layoutParameters([
    ['norm', [3]],
    ['map', [2, 2]],
  ]);
  const values = new Float32Array(layout.total);
  const [norm, map] = layout.entries;
  values.set([1, 2, 3], norm!.start);
  values.set([4, 5, 6, 7], map!.start);
  const rows = Array.from({ length: 5 }, () => ({}));
  const teacher = {
    layout,
    values,
    config: COPSD,
    answers: [],
    record: { artefact: 'calibrated-1', rows, dropped: [1, 2] },
  } as unknown as CalibratedTeacher;
  const store = new ArtefactStore();
  expect(store.list()).toEqual([]);
  store.keep(teacher);
  store.keep(teacher);
  expect(store.find('calibrated-1')).toBe(teacher);
  expect(store.list()).toEqual([
    {
      name: 'calibrated-1',
      calibration,
      constitution: 'Harm of any kind',
      rows: 3,
      bytes: values.byteLength,
    },
  ]);
  const arrays = readSafetensors(store.file('calibrated-1'), 'teacher');
  expect([...arrays].map(([key, { shape, data }]) => [key, shape, [...data]])).toEqual(
    expect.arrayContaining([
      ['norm', [3], [1, 2, 3]],
      ['map', [2, 2], [4, 5, 6, 7]],
    ]),
  );
  expect(arrays.size).toBe(2);
  expect(() => store.file('calibrated-2')).toThrow(
    /E_ARTEFACT: there is no calibrated teacher called calibrated-2/,
  );
});
