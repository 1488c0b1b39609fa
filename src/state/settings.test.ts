import { describe, expect, it } from 'vitest';
import type { RunConfig } from '../contract/run-config.ts';
import { diffConfigs } from './config-diff.ts';
import { createConfigStore } from './config-store.ts';
import { DEFAULT_CONFIG } from '../contract/default-config.ts';
import { settingsFromLink } from './link-settings.ts';
import { withMethod } from './methods.ts';
import { NUMBER_FIELDS } from './number-fields.ts';
import { normalizeConfig, problemsOf } from './validation.ts';

describe('validation', () => {
  it('accepts the defaults', () => {
    expect(problemsOf(DEFAULT_CONFIG)).toEqual([]);
  });

  it('says what a setting must be, by its path', () => {
    const wrong: RunConfig = { ...DEFAULT_CONFIG, steps: 0, topP: 0, seed: 1.5, temperature: NaN };
    const problems = Object.fromEntries(problemsOf(wrong).map(({ path, message }) => [path, message]));
    expect(problems['steps']).toBe('must be at least 1');
    expect(problems['seed']).toBe('must be a whole number');
    expect(problems['topP']).toBe('topP must be over 0');
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

  it('reads and writes every number at the path that it names', () => {
    for (const field of NUMBER_FIELDS) {
      const changed = field.set(DEFAULT_CONFIG, -7);
      expect(field.get(changed), field.path).toBe(-7);
      expect(field.get(DEFAULT_CONFIG), field.path).not.toBe(-7);
      const named = problemsOf(changed).map(({ path }) => path);
      expect(named, field.path).toContain(field.path);
    }
  });
});

describe('withMethod', () => {
  it('gives sampled advantages rollouts to compare, and takes them back', () => {
    const sampled = withMethod(DEFAULT_CONFIG, 'sampled-advantage');
    expect([sampled.queries, sampled.rolloutsPerQuery]).toEqual([4, 4]);
    const back = withMethod(sampled, 'forward-kl');
    expect([back.queries, back.rolloutsPerQuery]).toEqual([16, 1]);
  });
});

describe('diffConfigs', () => {
  it('names nothing where nothing differs', () => {
    expect(diffConfigs(DEFAULT_CONFIG, structuredClone(DEFAULT_CONFIG))).toEqual([]);
  });

  it('names each setting in words and tells live ones apart', () => {
    const after = withMethod({ ...DEFAULT_CONFIG, steps: 100, temperature: 0.7 }, 'jsd');
    expect(
      diffConfigs(DEFAULT_CONFIG, after).map(({ label, before, after: now, live }) => [
        label,
        before,
        now,
        live,
      ]),
    ).toEqual([
      ['Method', 'Reverse KL', 'Jensen–Shannon, β 0.5', false],
      ['Steps', '60', '100', false],
      ['Temperature', '1', '0.7', true],
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
      'clause 2 reworded, clause 2 routed anew',
    );
    expect(changed([first])).toBe('1 removed');
    expect(changed([first, second, { ...second, id: 'new' }])).toBe('clause 3 added');
    expect(changed([second, first])).toBe('clauses reordered');
  });
});

describe('settingsFromLink', () => {
  it('sets numbers by their paths and the method', () => {
    const { config, set, fault } = settingsFromLink(
      '?steps=4&optimizer.learningRate=0.001&method=forward-kl&debug',
      DEFAULT_CONFIG,
    );
    expect(fault).toBeNull();
    expect(set).toBe(true);
    expect(config.steps).toBe(4);
    expect(config.optimizer.learningRate).toBe(0.001);
    expect(config.objective.kind).toBe('forward-kl');
  });

  it.each(['?steps=0', '?steps=ten', '?steps=', '?method=magic', '?temperature=1e99'])(
    'refuses %s as a whole and says so',
    query => {
      const { config, set, fault } = settingsFromLink(query, DEFAULT_CONFIG);
      expect(config).toBe(DEFAULT_CONFIG);
      expect(set).toBe(false);
      expect(fault?.code).toBe('E_LINK_SETTING');
    },
  );

  it('leaves parameters alone that name no setting', () => {
    expect(settingsFromLink('?utm=1', DEFAULT_CONFIG)).toEqual({
      config: DEFAULT_CONFIG,
      set: false,
      fault: null,
    });
  });
});

describe('config store', () => {
  it('adopts the recorded settings until a person has begun', () => {
    const store = createConfigStore(DEFAULT_CONFIG, false);
    store.adopt({ ...DEFAULT_CONFIG, steps: 77 });
    expect(store.store.getState().draft.steps).toBe(77);
    store.edit(draft => ({ ...draft, seed: 5 }));
    store.adopt(DEFAULT_CONFIG);
    expect(store.store.getState().draft).toMatchObject({ steps: 77, seed: 5 });
  });
});
