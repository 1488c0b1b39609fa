import { describe, expect, test } from 'vitest';
import { DEFAULT_CONFIG } from './default-config.ts';
import { isDivergence, isPolicyGradient, objectiveOf } from './objectives.ts';
import { withRecipe } from './choices.ts';
import { DEFAULT_CALIBRATION, loraOfRank, RECIPE_LIST, RECIPES } from './recipes.ts';
import { runConfigSchema, type RunConfig } from './run-config.ts';

const { policyGradient, shaping } = DEFAULT_CONFIG;

test.each(RECIPES)('%s makes settings that are valid and its own', recipe => {
  const config = withRecipe(DEFAULT_CONFIG, recipe);
  expect(runConfigSchema.parse(config)).toEqual(config);
  expect(config.recipe).toBe(recipe);
  const shares = Object.values(config.mix).reduce((sum, share) => sum + share, 0);
  expect(shares).toBeCloseTo(1, 10);
  expect(config.calibration !== null).toBe(config.teacher.kind === 'calibrated');
  if (isPolicyGradient(config.objective)) expect(config.rolloutsPerQuery).toBeGreaterThan(1);
  const { label, why } = RECIPE_LIST.find(({ name }) => name === recipe)!;
  expect(Math.min(label.length, why.length)).toBeGreaterThan(0);
});

test('recipes differ, and a recipe forgets the one before it but not where it is run', () => {
  const all = RECIPES.map(recipe => {
    const { recipe: _, ...settings } = withRecipe(DEFAULT_CONFIG, recipe);
    return JSON.stringify(settings);
  });
  expect(new Set(all).size).toBe(RECIPES.length);
  const own: RunConfig = {
    ...DEFAULT_CONFIG,
    seed: 7,
    model: 'mine',
    maxNewTokens: 40,
    temperature: 0.8,
    constitution: { title: 'mine', clauses: [] },
    shaping: { ...shaping, topK: 8, tokenClip: 1, skipFirst: 2 },
    lora: loraOfRank(4),
  };
  for (const from of RECIPES)
    for (const to of RECIPES)
      expect(withRecipe(withRecipe(own, from), to)).toEqual({
        ...withRecipe(DEFAULT_CONFIG, to),
        seed: 7,
        model: 'mine',
        maxNewTokens: 40,
        temperature: 0.8,
        constitution: own.constitution,
      });
});

const REFUSED: readonly (readonly [path: string, message: string, changes: Partial<RunConfig>])[] = [
  [
    'divergenceTemperature',
    'of 1 only',
    { objective: { kind: 'group-reward' }, rolloutsPerQuery: 2, divergenceTemperature: 2 },
  ],
  ['shaping.topK', 'top-k', { objective: { kind: 'sampled-advantage' }, shaping: { ...shaping, topK: 5 } }],
  [
    'shaping.tokenClip',
    'clipping',
    { objective: { kind: 'supervised', answers: 'rich' }, shaping: { ...shaping, tokenClip: 1 } },
  ],
  ['calibration', 'Cross-SFT', { teacher: { kind: 'calibrated' } }],
  [
    'policyGradient.outcomeKinds',
    'sampled advantage',
    { rolloutsPerQuery: 2, policyGradient: { ...policyGradient, outcomeKinds: ['general'] } },
  ],
  [
    'rolloutsPerQuery',
    'other answers',
    {
      objective: { kind: 'sampled-advantage' },
      policyGradient: { ...policyGradient, outcomeKinds: ['harmful'] },
    },
  ],
  ['rolloutsPerQuery', 'at least 2', { objective: { kind: 'group-reward' } }],
  ['mix', 'a share', { mix: { benign: 0, borderline: 0, harmful: 0, general: 0 } }],
  [
    'calibration.harmfulShare',
    'exceed',
    { calibration: { ...DEFAULT_CALIBRATION, harmfulShare: 0.6, generalShare: 0.5 } },
  ],
];

describe('settings that make no sense together are refused, where they are', () => {
  test.each(REFUSED)('%s: %s', (path, message, changes) => {
    const { error } = runConfigSchema.safeParse({ ...DEFAULT_CONFIG, ...changes });
    expect(error?.issues).toHaveLength(1);
    expect(error?.issues[0]?.path.join('.')).toBe(path);
    expect(error?.issues[0]?.message).toContain(message);
  });
});

const OUT_OF_BOUNDS: readonly (readonly [path: string, changes: unknown])[] = [
  ['teacher.decay', { teacher: { kind: 'ema', decay: 1.1 } }],
  ['teacher.every', { teacher: { kind: 'refreshed', every: 0 } }],
  ['teacher.model', { teacher: { kind: 'external', model: '' } }],
  ['teacher.kind', { teacher: { kind: 'oracle' } }],
  ['objective.kind', { objective: { kind: 'kl' } }],
  ['objective.beta', { objective: { kind: 'jsd' } }],
  ['objective.lambda', { objective: { kind: 'skew-forward', lambda: 1 } }],
  ['objective', { objective: { kind: 'reverse-kl', beta: 0.5 } }],
  ['recipe', { recipe: 'distil' }],
  ['version', { version: 1 }],
  ['topP', { topP: 0 }],
];

test.each(OUT_OF_BOUNDS)('%s out of its bounds is refused', (path, changes) => {
  const { error } = runConfigSchema.safeParse({ ...DEFAULT_CONFIG, ...(changes as object) });
  expect(error?.issues.map(issue => issue.path.join('.'))).toEqual([path]);
});

test('an objective is a divergence, a policy gradient or supervised', () => {
  const kinds = ['reverse-kl', 'jsd', 'alpha', 'sampled-advantage', 'group-reward', 'supervised'] as const;
  expect(
    kinds.map(kind => {
      const objective = objectiveOf(kind).usual;
      return [isDivergence(objective), isPolicyGradient(objective)];
    }),
  ).toEqual([
    ...[
      [true, false],
      [true, false],
      [true, false],
      [false, true],
      [false, true],
      [false, false],
    ],
  ]);
});
