import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from './default-config.ts';
import { diffConfigs, recipeChanges } from './differences.ts';
import { FIELDS } from './fields.ts';
import { objectiveLabel, objectiveOf, OBJECTIVES } from './objectives.ts';
import { normalizeConfig, problemsOf } from './problems.ts';
import { withObjective, withRecipe, withTeacher } from './choices.ts';
import { loraOfRank, RECIPE_GROUPS, RECIPES } from './recipes.ts';
import type { RunConfig } from './run-config.ts';
import { TEACHER_KINDS } from './teacher-kinds.ts';

describe('validation', () => {
  it('accepts the defaults', () => {
    expect(problemsOf(DEFAULT_CONFIG)).toEqual([]);
  });

  it('says what a setting must be, by its path', () => {
    const wrong: RunConfig = { ...DEFAULT_CONFIG, steps: 0, topP: 0, seed: 1.5, temperature: NaN };
    const problems = Object.fromEntries(problemsOf(wrong).map(({ path, message }) => [path, message]));
    expect(problems['steps']).toBe('must be at least 1');
    expect(problems['seed']).toBe('must be a whole number');
    expect(problems['topP']).toBe('must be over 0');
    expect(problems['temperature']).toBe('must be a number');
  });

  it('wants at least one kind of query, and scales shares to one', () => {
    const none = { ...DEFAULT_CONFIG, mix: { benign: 0, borderline: 0, harmful: 0, general: 0 } };
    expect(problemsOf(none).map(({ path }) => path)).toContain('mix');
    const twice = { ...DEFAULT_CONFIG, mix: { benign: 1, borderline: 1, harmful: 1, general: 1 } };
    expect(normalizeConfig(twice).mix).toEqual({
      benign: 0.25,
      borderline: 0.25,
      harmful: 0.25,
      general: 0.25,
    });
    expect(normalizeConfig(DEFAULT_CONFIG)).toBe(DEFAULT_CONFIG);
  });

  it('reads and writes every number and switch at the path that it names', () => {
    const copsd = withRecipe(DEFAULT_CONFIG, 'copsd');
    const variants: readonly RunConfig[] = [
      { ...DEFAULT_CONFIG, lora: loraOfRank(8) },
      copsd,
      ...OBJECTIVES.map(({ kind }) => withObjective(DEFAULT_CONFIG, kind)),
      ...TEACHER_KINDS.map(({ kind }) => withTeacher(DEFAULT_CONFIG, kind)),
      withRecipe(DEFAULT_CONFIG, 'grpo'),
    ];
    for (const field of FIELDS) {
      if (field.kind !== 'number') continue;
      const config = variants.find(field.applies);
      if (!config) throw new Error(`no settings have ${field.path}`);
      const changed = field.set(config, -7);
      expect(field.get(changed), field.path).toBe(-7);
      expect(field.get(config), field.path).not.toBe(-7);
      const named = problemsOf(changed).map(({ path }) => path);
      expect(named, field.path).toContain(field.path);
      // What the settings do not have at all cannot be set.
      const without = variants.filter(variant => !field.exists(variant));
      for (const other of without) expect(field.set(other, -7), field.path).toBe(other);
    }
    for (const field of FIELDS) {
      if (field.kind !== 'switch' || !field.applies(copsd)) continue;
      const changed = field.set(copsd, !field.get(copsd));
      expect(field.get(changed), field.path).toBe(!field.get(copsd));
      expect(problemsOf(changed)).toEqual([]);
    }
  });
});

describe('withObjective', () => {
  it('gives sampled advantages rollouts to compare, and takes them back', () => {
    const sampled = withObjective(DEFAULT_CONFIG, 'sampled-advantage');
    expect([sampled.queries, sampled.rolloutsPerQuery]).toEqual([4, 4]);
    const back = withObjective(sampled, 'forward-kl');
    expect([back.queries, back.rolloutsPerQuery]).toEqual([16, 1]);
  });

  it.each(OBJECTIVES.map(({ kind }) => kind))('makes settings that can be run: %s', kind => {
    const shaped: RunConfig = {
      ...withRecipe(DEFAULT_CONFIG, 'copsd-hybrid'),
      rolloutsPerQuery: 4,
    };
    const divergent: RunConfig = {
      ...DEFAULT_CONFIG,
      divergenceTemperature: 2,
      shaping: { ...DEFAULT_CONFIG.shaping, topK: 8, tokenClip: 1, skipFirst: 2 },
    };
    for (const config of [shaped, divergent]) {
      const changed = withObjective(config, kind);
      expect(changed.objective.kind).toBe(kind);
      expect(problemsOf(changed)).toEqual([]);
    }
  });
});

describe('recipes and teachers', () => {
  it('offers every recipe once', () => {
    expect(RECIPE_GROUPS.flatMap(({ recipes }) => recipes.map(({ name }) => name)).sort()).toEqual(
      [...RECIPES].sort(),
    );
  });

  it('knows what was changed since a recipe was chosen', () => {
    for (const recipe of RECIPES) {
      const config = withRecipe({ ...DEFAULT_CONFIG, seed: 9, temperature: 0.7 }, recipe);
      expect(problemsOf(config), recipe).toEqual([]);
      expect(recipeChanges(config), recipe).toEqual([]);
    }
    const changed = { ...withRecipe(DEFAULT_CONFIG, 'copsd'), steps: 60 };
    expect(recipeChanges(changed).map(({ path, before }) => [path, before])).toEqual([['steps', '120']]);
  });

  it('brings Cross-SFT with the calibrated teacher and takes it away with another', () => {
    for (const { kind } of TEACHER_KINDS) {
      const config = withTeacher(DEFAULT_CONFIG, kind);
      expect(problemsOf(config), kind).toEqual([]);
      expect(config.calibration !== null, kind).toBe(kind === 'calibrated');
    }
  });
});

describe('the number of an objective', () => {
  it('says where the formula switches, and how strong it pulls between', () => {
    const says = (kind: 'jsd' | 'skew-forward' | 'alpha', value: number): string => {
      const descriptor = objectiveOf(kind);
      return 'effect' in descriptor ? descriptor.effect(value) : '';
    };
    expect(says('jsd', 0)).toContain('forward KL');
    expect(says('jsd', 1)).toContain('reverse KL');
    expect(says('jsd', 0.5)).toContain('0.25 of');
    expect(says('skew-forward', 0.1)).toContain('0.81 of');
    expect(says('alpha', 0)).toContain('reverse KL');
    expect(objectiveLabel({ kind: 'supervised', answers: 'refuse' })).toBe('Fine-tuning on refusals');
  });
});

describe('diffConfigs', () => {
  it('names nothing where nothing differs', () => {
    expect(diffConfigs(DEFAULT_CONFIG, structuredClone(DEFAULT_CONFIG))).toEqual([]);
  });

  it('names each setting in words and tells live ones apart', () => {
    const after = withObjective({ ...DEFAULT_CONFIG, steps: 100, temperature: 0.7 }, 'jsd');
    expect(
      diffConfigs(DEFAULT_CONFIG, after).map(({ label, before, after: now, live }) => [
        label,
        before,
        now,
        live,
      ]),
    ).toEqual([
      ['Objective', 'Reverse KL', 'Jensen–Shannon, β 0.5', false],
      ['Steps', '60', '100', false],
      ['Temperature', '1', '0.7', true],
    ]);
  });

  it('tells a recipe by all that it sets, and a number of Cross-SFT by its own name', () => {
    const opsd = withRecipe(DEFAULT_CONFIG, 'opsd');
    const copsd = withRecipe(opsd, 'copsd');
    expect(diffConfigs(opsd, copsd).map(({ label, before, after }) => [label, before, after])).toEqual([
      ['Recipe', 'OPSD', 'COPSD'],
      ['Teacher', 'Base, frozen', 'Calibrated by Cross-SFT'],
      ['Cross-SFT', 'none', '960 pairs, 2 epochs'],
      ['Steps', '60', '120'],
      [
        'Prompts',
        '30 % benign, 30 % borderline, 40 % harmful, 0 % general',
        '24 % benign, 24 % borderline, 32 % harmful, 20 % general',
      ],
    ]);
    const five = { ...copsd, calibration: { ...copsd.calibration!, epochs: 5, selfAnswers: false } };
    expect(diffConfigs(copsd, five).map(({ label, after }) => [label, after])).toEqual([
      ['The model’s own answers are in the set', 'off'],
      ['Epochs', '5'],
    ]);
  });

  it('tells β by its own name while the objective stays', () => {
    const jsd = withObjective(DEFAULT_CONFIG, 'jsd');
    const other: RunConfig = { ...jsd, objective: { kind: 'jsd', beta: 0.9 } };
    expect(diffConfigs(jsd, other).map(({ label, before, after }) => [label, before, after])).toEqual([
      ['β', '0.5', '0.9'],
    ]);
  });

  it('tells clauses that were switched off, reworded, added and removed', () => {
    const { constitution } = DEFAULT_CONFIG;
    const [first, second] = constitution.clauses;
    if (!first || !second) throw new Error('the default constitution has two clauses');
    const changed = (clauses: typeof constitution.clauses): string | undefined =>
      diffConfigs(DEFAULT_CONFIG, { ...DEFAULT_CONFIG, constitution: { ...constitution, clauses } })[0]
        ?.after;
    expect(changed([{ ...first, enabled: false }, second])).toBe('clause 1 switched off');
    expect(changed([first, { ...second, text: 'Be brief.', style: 'short' }])).toBe(
      'clause 2 reworded, clause 2 routed again',
    );
    expect(changed([first])).toBe('1 removed');
    expect(changed([first, second, { ...second, id: 'new' }])).toBe('clause 3 added');
    expect(changed([second, first])).toBe('clauses reordered');
  });
});
