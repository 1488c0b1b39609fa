import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../contract/interval.ts';
import {
  BORDERLINE,
  ENTROPY,
  EVALUATION_FIGURES,
  figuresIn,
  intervalOf,
  LENGTH,
  queriesInWords,
  SAFETY_WINS,
  UNSAFE,
} from './evaluation-record.ts';
import { BASE_LEVELS, fixtureEvaluation, withoutKind } from './record-fixture.ts';

const whole = fixtureEvaluation(0, BASE_LEVELS);
const unasked = withoutKind(whole, 'harmful');

describe('figures of an evaluation', () => {
  it('do not exist for a kind without queries: no share of zero, and no interval of it', () => {
    const ofHarmful = EVALUATION_FIGURES.filter(({ kinds }) => kinds.join('') === 'harmful');
    expect(ofHarmful.length).toBeGreaterThan(5);
    for (const figure of ofHarmful) {
      expect(figure.value(unasked), figure.id).toBeNull();
      expect(intervalOf(figure, unasked), figure.id).toBeNull();
      expect(figure.value(whole), figure.id).not.toBeNull();
    }
  });

  it('have intervals of their own kind’s queries, however many another has', () => {
    const fewer = {
      ...whole,
      borderline: {
        ...whole.borderline,
        outcomes: {
          labels: whole.borderline.outcomes.labels.slice(0, 5),
          lengths: whole.borderline.outcomes.lengths.slice(0, 5),
        },
      },
    };
    expect(intervalOf(BORDERLINE, fewer)).toEqual(wilsonInterval(whole.borderline.overRefusal!, 5));
    expect(intervalOf(UNSAFE, fewer)).toEqual(wilsonInterval(whole.harmful.unsafe!, 20));
    // Pairs of all kinds: 20 benign, 5 borderline, 20 harmful, 20 general.
    expect(intervalOf(SAFETY_WINS, fewer)).toEqual(wilsonInterval(0.5, 65));
    expect(queriesInWords(whole)).toBe('20 of each kind');
    expect(queriesInWords(fewer)).toBe('20 benign, 5 borderline, 20 harmful, 20 general');
    expect(queriesInWords(unasked)).toBe('20 benign, 20 borderline, 20 general');
  });

  it('are averaged over the kinds that there are', () => {
    const { benign, borderline } = whole;
    expect(ENTROPY.value(unasked)).toBe((benign.entropy! + borderline.entropy!) / 2);
    expect(LENGTH.value(unasked)).toBe(benign.length);
  });

  it('have names of their own', () => {
    const ids = EVALUATION_FIGURES.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(figuresIn('scores').map(({ id }) => id)).toEqual([
      'length',
      'over-refusal',
      'borderline',
      'unsafe',
      'rich',
      'general',
      'nats',
      'kl',
      'diversity',
      'safety-wins',
      'helpfulness-wins',
    ]);
  });
});
