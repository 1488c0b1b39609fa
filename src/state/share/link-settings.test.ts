import { describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import { settingsFromLink } from './link-settings.ts';

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

  it('begins with the recipe, and changes what else it names', () => {
    const { config, fault } = settingsFromLink(
      '?calibration.epochs=5&calibration.selfAnswers=false&recipe=copsd&evaluation.geometry=false',
      DEFAULT_CONFIG,
    );
    expect(fault).toBeNull();
    expect(config).toMatchObject({
      recipe: 'copsd',
      steps: 120,
      teacher: { kind: 'calibrated' },
      calibration: { epochs: 5, selfAnswers: false, pairs: 960 },
      evaluation: { geometry: false },
    });
  });

  it('sets a teacher and what belongs to it, and the number of an objective', () => {
    const { config } = settingsFromLink(
      '?teacher=ema&teacher.decay=0.9&method=jsd&objective.beta=0.25&version=1',
      DEFAULT_CONFIG,
    );
    expect(config.teacher).toEqual({ kind: 'ema', decay: 0.9 });
    expect(config.objective).toEqual({ kind: 'jsd', beta: 0.25 });
  });

  it('sets λ of either skewed KL, by the objective’s own name or the older one', () => {
    for (const [query, kind] of [
      ['?method=skew-forward&objective.lambda=0.3', 'skew-forward'],
      ['?objective=skew-reverse&objective.lambda=0.3', 'skew-reverse'],
    ] as const)
      expect(settingsFromLink(query, DEFAULT_CONFIG).config.objective).toEqual({ kind, lambda: 0.3 });
    expect(settingsFromLink('?objective.lambda=0.3', DEFAULT_CONFIG).fault).toMatchObject({
      message: 'these settings have no “λ”',
      place: 'objective.lambda=0.3',
    });
  });

  it('says which version a link has that it cannot read', () => {
    expect(settingsFromLink('?version=3&steps=4', DEFAULT_CONFIG).fault).toMatchObject({
      message: expect.stringContaining('version 3') as string,
      place: 'version=3',
    });
  });

  it.each([
    '?recipe=magic',
    '?calibration.epochs=5',
    '?recipe=grpo&rolloutsPerQuery=1',
    '?evaluation.geometry=1',
    '?steps=0',
    '?steps=ten',
    '?steps=',
    '?method=magic',
    '?temperature=1e99',
  ])('refuses %s as a whole and says so', query => {
    const { config, set, fault } = settingsFromLink(query, DEFAULT_CONFIG);
    expect(config).toBe(DEFAULT_CONFIG);
    expect(set).toBe(false);
    expect(fault?.code).toBe('E_LINK_SETTING');
  });

  it('leaves parameters alone that name no setting', () => {
    expect(settingsFromLink('?utm=1', DEFAULT_CONFIG)).toEqual({
      config: DEFAULT_CONFIG,
      set: false,
      fault: null,
    });
  });
});
