import { expect, test } from 'vitest';
import type { InspectionRecord } from '../record/inspection.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { Gpu } from '../gpu/gpu.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { tinyConfig, tinyLab } from '../testing/tiny-lab.ts';
import type { OpenModel } from '../assets/open-model.ts';
import { RunData } from '../record/run-data.ts';
import { comparable, eventsOf, runWhole } from '../testing/session-runs.ts';

let opened: Promise<OpenModel> | undefined;
const openTiny = (): Promise<OpenModel> =>
  (opened ??= requestTestDevice().then(device => tinyLab(new Gpu(device))));

const inspecting = (changes: Partial<RunConfig> = {}): RunConfig => {
  const config = tinyConfig({ steps: 2, ...changes });
  return { ...config, evaluation: { ...config.evaluation, every: 1, inspect: 1 } };
};

const answersOf = (records: readonly InspectionRecord[], answer: InspectionRecord['answer']) =>
  records.filter(record => record.answer === answer);
const textOf = ({ tokens, pieces }: InspectionRecord): string => tokens.map(at => pieces[at]).join('');
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

test('every evaluation inspects the student’s answer, and its answer from before step 1', async () => {
  const lab = await openTiny();
  const before = lab.gpu.memory.bytes;
  const events = await runWhole(lab, inspecting());
  expect(lab.gpu.memory.bytes).toBe(before);
  const told = eventsOf(events, 'inspections').map(({ records }) => records);
  expect(told.map(records => records.map(({ kind, answer }) => `${kind} ${answer}`))).toEqual([
    ['benign initial', 'borderline initial', 'harmful initial', 'general initial'],
    ...[1, 2].map(() => [
      ...['benign initial', 'borderline initial', 'harmful initial', 'general initial'],
      ...['benign current', 'borderline current', 'harmful current', 'general current'],
    ]),
  ]);
  const [first, , last] = told.map(records => answersOf(records, 'initial'));
  expect(last!.map(textOf)).toEqual(first!.map(textOf));
  for (const record of told.flat()) {
    const { tokens, divergence, student, teacher, topStudent, topTeacher, topBase, raised, lowered } = record;
    for (const list of [divergence, student, teacher, topStudent, topTeacher, topBase, raised, lowered])
      expect(list).toHaveLength(tokens.length);
    for (const list of [...topStudent, ...topTeacher, ...topBase]) {
      const shares = list.filter((_, i) => i % 2 === 1);
      expect(shares).toEqual(shares.toSorted((a, b) => b - a));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(1.001);
    }
  }
  // Before step 1 the student is the base, read by the same pass.
  for (const { student, base, topStudent, topBase } of first!) {
    expect(base).toEqual(student);
    expect(topBase).toEqual(topStudent);
  }
  // The weights of the base stay; those of the student move.
  for (const [i, { base, student }] of last!.entries()) {
    expect(base).toEqual(first![i]!.base);
    expect(student).not.toEqual(first![i]!.student);
  }
  const samples = eventsOf(events, 'samples').at(-1)!.records;
  for (const record of answersOf(told.at(-1)!, 'current')) {
    const sample = samples.find(({ prompt }) => prompt === record.prompt)!;
    expect(sample.student.tokens).toBe(record.tokens.length);
  }
});

test('inspecting does not change the run, and its divergence is that of the evaluation', async () => {
  const lab = await openTiny();
  const config = inspecting();
  const one = { ...config, evaluation: { ...config.evaluation, queriesPerKind: 1 } };
  const events = await runWhole(lab, one);
  const without = await runWhole(lab, { ...one, evaluation: { ...one.evaluation, inspect: 0 } });
  expect(comparable(events)).toEqual(comparable(without));
  expect(eventsOf(without, 'inspections')).toEqual([]);
  const open = eventsOf(events, 'inspections')
    .at(-1)!
    .records.filter(({ kind, answer }) => answer === 'current' && kind !== 'general');
  const evaluated = eventsOf(events, 'evaluation').at(-1)!.record.klToTeacher!;
  assertClose([mean(open.flatMap(({ divergence }) => divergence))], [evaluated], 'f32Trajectory', 'KL');
});

test.each([
  ['an adapter', { lora: { rank: 2, alpha: 4, targets: ['q_proj', 'down_proj'], lastLayers: 0 } }],
  ['an external teacher', { teacher: { kind: 'external', model: 'other' } }],
  ['policy gradients', { objective: { kind: 'sampled-advantage' }, queries: 2, rolloutsPerQuery: 2 }],
  [
    'JSD at τ = 2 on a support',
    {
      objective: { kind: 'jsd', beta: 0.3 },
      divergenceTemperature: 2,
      shaping: { topK: 4, tokenClip: 0, skipFirst: 0 },
    },
  ],
] as const)('with %s', async (_, changes) => {
  const lab = await openTiny();
  const events = await runWhole(lab, inspecting({ ...(changes as Partial<RunConfig>), steps: 1 }));
  const records = eventsOf(events, 'inspections').flatMap(event => event.records);
  expect(records).toHaveLength(4 + 8);
  for (const { divergence, base, student } of answersOf(records, 'initial').slice(0, 4)) {
    expect(Math.min(...divergence)).toBeGreaterThan(-1e-5);
    expect(Math.max(...divergence)).toBeGreaterThan(0);
    assertClose(base, student, 'f32Decoder', 'the base is the student before step 1');
  }
});

test('tokens that are left out have no gradient', async () => {
  const lab = await openTiny();
  const shaping = { topK: 0, tokenClip: 0, skipFirst: 3 };
  const events = await runWhole(lab, inspecting({ steps: 1, shaping }));
  const records = eventsOf(events, 'inspections').flatMap(event => event.records);
  for (const { raised, lowered } of records) {
    expect([...raised.slice(0, 3), ...lowered.slice(0, 3)].flat()).toEqual([]);
    expect([...raised.slice(3), ...lowered.slice(3)].flat().length).toBeGreaterThan(0);
  }
});

test('a record keeps inspections, and drops those after the step it is rewound to', async () => {
  const lab = await openTiny();
  const data = new RunData();
  for (const event of await runWhole(lab, inspecting())) data.apply(event);
  expect(data.toRecord()!.inspections).toHaveLength(4 + 8 + 8);
  data.apply({ type: 'rewound', step: 1 });
  expect(data.toRecord()!.inspections).toHaveLength(4 + 8);
});
