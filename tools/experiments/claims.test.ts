import { describe, expect, test } from 'vitest';
import { runConfigSchema } from '../../src/settings/run-config.ts';
import type { EvaluationRecord, RunRecord } from '../../src/record/run-record.ts';
import {
  BASE_LEVELS,
  fixtureRecord,
  REFUSING_LEVELS,
  WHOLE_LEVELS,
  type Levels,
  withoutKind,
} from '../../src/record/record-fixture.ts';
import { claims } from './claims.ts';
import { configOf, experiments, type Experiment } from './grid.ts';

const GRID = experiments(file => ({ title: file, clauses: [] }));
const experiment = (id: string): Experiment => GRID.find(entry => entry.id === id)!;

/** A run of an experiment that ends at the levels. */
const run = (id: string, to: Levels, seed = 1) =>
  [experiment(id), fixtureRecord({ recipe: experiment(id).recipe, seed, to })] as const;

/** The same run with another last evaluation. */
const ending = (
  [entry, record]: readonly [Experiment, RunRecord],
  change: (last: EvaluationRecord) => EvaluationRecord,
) => [entry, { ...record, evals: [...record.evals.slice(0, -1), change(record.evals.at(-1)!)] }] as const;

/** The verdict on the claim that begins so. */
function verdict(found: Parameters<typeof claims>[0], begins: string): string {
  const matching = claims(found).filter(({ text }) => text.startsWith(begins));
  expect(matching).toHaveLength(1);
  return matching[0]!.verdict;
}
const HOLDS = 'holds';
const FAILS = '**does not hold**';

test('the grid: ids of their own, and every row a valid run with every seed', () => {
  expect(new Set(GRID.map(({ id }) => id)).size).toBe(GRID.length);
  expect(new Set(GRID.map(({ label }) => label)).size).toBe(GRID.length);
  const settings = GRID.map(entry => {
    const config = configOf(entry, 3);
    expect(runConfigSchema.parse(config)).toEqual(config);
    expect(config).toMatchObject({ seed: 3, recipe: entry.recipe });
    // Verdicts read the evaluation at step 40.
    expect(40 % config.evaluation.every).toBe(0);
    return JSON.stringify({ ...config, seed: 0 });
  });
  expect(new Set(settings).size).toBe(GRID.length);
});

test('a claim without runs is left out', () => {
  expect(claims([])).toEqual([]);
  expect(claims([run('opsd', REFUSING_LEVELS)])).toHaveLength(1);
  expect(claims([run('bottleneck', REFUSING_LEVELS)])).toEqual([]);
  expect(claims([run('copsd-no-self', WHOLE_LEVELS)])).toEqual([]);
  // Five promises; the difference needs OPSD of the same seed.
  expect(claims([run('copsd', WHOLE_LEVELS)])).toHaveLength(5);
  expect(claims([run('copsd', WHOLE_LEVELS), run('opsd', REFUSING_LEVELS, 2)])).toHaveLength(6);
  expect(claims([run('copsd', WHOLE_LEVELS), run('opsd', REFUSING_LEVELS)])).toHaveLength(7);
});

test.each([
  [REFUSING_LEVELS, HOLDS],
  [{ ...REFUSING_LEVELS, length: 34 }, FAILS],
  [{ ...REFUSING_LEVELS, borderline: 0.4 }, FAILS],
  [{ ...REFUSING_LEVELS, unsafe: 0.1 }, FAILS],
])('OPSD collapses: case %#', (levels, expected) => {
  expect(verdict([run('opsd', levels)], 'OPSD makes')).toBe(expected);
});

describe('COPSD repairs: a promise for each figure, kept by itself', () => {
  const broken: readonly (readonly [string, Partial<Levels>])[] = [
    ['COPSD: benign length', { length: 38 }],
    ['COPSD: benign length', { length: 50 }],
    ['COPSD: borderline', { borderline: 0.15 }],
    ['COPSD: unsafe', { unsafe: 0.15 }],
    ['COPSD: rich', { rich: 0.65 }],
    ['COPSD: general', { general: 0.7 }],
  ];
  test.each(broken)('%s', (begins, changes) => {
    const found = claims([run('copsd', { ...WHOLE_LEVELS, ...changes })]);
    const failing = found.filter(({ verdict: said }) => said === FAILS).map(({ text }) => text);
    expect(failing).toHaveLength(1);
    expect(failing[0]!.startsWith(begins)).toBe(true);
    expect(verdict([run('copsd', WHOLE_LEVELS)], begins)).toBe(HOLDS);
  });

  test('what is judged is the mean over seeds', () => {
    const rich = (level: number, seed: number) => run('copsd', { ...WHOLE_LEVELS, rich: level }, seed);
    expect(verdict([rich(0.65, 1), rich(0.85, 2)], 'COPSD: rich')).toBe(HOLDS);
    expect(verdict([rich(0.65, 1), rich(0.7, 2)], 'COPSD: rich')).toBe(FAILS);
    expect(claims([rich(0.65, 1), rich(0.85, 2)])[3]!.measured).toBe('0.65 / 0.85; mean 0.75');
  });
});

test('COPSD beside OPSD is compared query by query with the run of the same seed', () => {
  const begins = 'Benign answers of COPSD are longer';
  const pair = (copsd: number, opsd: number) => [
    run('copsd', { ...WHOLE_LEVELS, length: copsd }),
    run('opsd', { ...REFUSING_LEVELS, length: opsd }),
  ];
  expect(verdict(pair(43, 22), begins)).toBe(HOLDS);
  expect(verdict(pair(22, 22), begins)).toBe(FAILS);
  expect(verdict(pair(20, 22), begins)).toBe(FAILS);
  const found = claims(pair(43, 22)).find(({ text }) => text.startsWith(begins));
  expect(found?.measured).toBe('21.0 tokens, 95 % interval 21.0 to 21.0');
  // Longer by half a token on the mean of queries that go both ways: the interval has 0 in it.
  const uneven = ending(run('copsd', { ...WHOLE_LEVELS, length: 22 }), last => {
    const { outcomes } = last.benign;
    const lengths = outcomes.lengths.map((length, i) => length + (i % 2 === 0 ? 11 : -10));
    return { ...last, benign: { ...last.benign, outcomes: { ...outcomes, lengths } } };
  });
  expect(verdict([uneven, run('opsd', { ...REFUSING_LEVELS, length: 22 })], begins)).toBe(FAILS);
});

test('a moving teacher is judged at step 40, not at its end', () => {
  const begins = 'A moving teacher runs away';
  expect(verdict([run('opsd-moving', { ...REFUSING_LEVELS, overRefusal: 0.5 })], begins)).toBe(HOLDS);
  const calm = run('opsd-moving', { ...REFUSING_LEVELS, overRefusal: 0.45 });
  expect(verdict([calm], begins)).toBe(FAILS);
  const [entry, record] = run('opsd-moving', { ...REFUSING_LEVELS, overRefusal: 1 });
  const earlier = {
    ...record,
    evals: record.evals.map(evaluation => ({ ...evaluation, step: evaluation.step / 2 })),
  };
  expect(verdict([[entry, earlier]], begins)).toBe('not measured');
});

test('reverse KL through a bottleneck has to refuse more of every kind', () => {
  const begins = 'Through a bottleneck';
  const pair = (forward: Partial<Levels>) => [
    run('bottleneck', { ...REFUSING_LEVELS, unsafe: 0.1 }),
    run('bottleneck-forward', {
      ...REFUSING_LEVELS,
      overRefusal: 0.2,
      borderline: 0.5,
      unsafe: 0.3,
      ...forward,
    }),
  ];
  expect(verdict(pair({}), begins)).toBe(HOLDS);
  for (const equal of [{ overRefusal: 0.4 }, { borderline: 0.75 }, { unsafe: 0.1 }])
    expect(verdict(pair(equal), begins)).toBe(FAILS);
});

test.each([
  ['copsd-no-self', 'Without self-answers'],
  ['copsd-5-epochs', 'Five epochs'],
])('%s is worse where help or general ability is lost', (id, begins) => {
  const beside = (changes: Partial<Levels>) => [
    run('copsd', WHOLE_LEVELS),
    run(id, { ...WHOLE_LEVELS, ...changes }),
  ];
  expect(verdict(beside({}), begins)).toBe(FAILS);
  expect(verdict(beside({ general: 0.6 }), begins)).toBe(HOLDS);
  expect(verdict(beside({ wins: [0.7, 0.5] }), begins)).toBe(HOLDS);
  expect(verdict(beside({ wins: [0.7, 0.56] }), begins)).toBe(FAILS);
  expect(verdict(beside({ wins: [0.7, 0.9], general: 0.6 }), begins)).toBe(FAILS);
});

test('GRPO has to be safe and to have lost its entropy', () => {
  const begins = 'GRPO makes';
  const safe = { ...BASE_LEVELS, unsafe: 0.05, length: 22, entropy: 0.45 };
  expect(verdict([run('grpo', safe)], begins)).toBe(HOLDS);
  expect(verdict([run('grpo', { ...safe, length: 44, entropy: 0.7 })], begins)).toBe(FAILS);
  expect(verdict([run('grpo', { ...safe, unsafe: 0.2 })], begins)).toBe(FAILS);
});

test('a claim about a kind that no run was asked is neither true nor false', () => {
  const found = ending(run('opsd', REFUSING_LEVELS), last => withoutKind(last, 'harmful'));
  expect(verdict([found], 'OPSD makes')).toBe('not measured');
});
