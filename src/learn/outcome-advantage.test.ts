import { expect, test } from 'vitest';
import { LABELS, QUERY_KINDS } from '../contract/world.ts';
import { assertClose } from '../testing/compare.ts';
import { outcomeAdvantages } from './outcome-advantage.ts';
import { outcomeReward } from '../data/outcome-reward.ts';

test('advantages by hand: every token of an answer has that of its reward among the answers to its query', () => {
  // Group of 0, 1, 1 and ½: mean 0.625, sample variance 0.6875 / 3; then 1 and 0: mean ½, variance ½.
  const found = outcomeAdvantages(
    { rewards: [0, 1, 1, 0.5, 1, 0, 0, 0], rolloutsPerQuery: 4 },
    [0, 2, 3, 5, 6, 7, 8, 9, 10],
  );
  const first = Math.sqrt(0.6875 / 3);
  const [low, high, middle] = [-0.625, 0.375, -0.125].map(value => value / (first + 1e-6));
  // 1, 0, 0, 0: mean ¼, sample variance ¼.
  const [win, loss] = [0.75, -0.25].map(value => value / (0.5 + 1e-6));
  assertClose(found, [low!, low!, high!, high!, high!, middle!, win!, loss!, loss!, loss!], 'f32Elementwise');
});

test('groups stand apart, and one that is cut short is a group too', () => {
  const found = outcomeAdvantages({ rewards: [0, 1, 0.5, 1, 1], rolloutsPerQuery: 2 }, [0, 1, 2, 3, 4, 5]);
  const half = 0.5 / (Math.SQRT1_2 + 1e-6);
  const quarter = 0.25 / (Math.sqrt(0.125) + 1e-6);
  assertClose(found, [-half, half, -quarter, quarter, 0], 'f32Elementwise');
});

test('equal rewards, and an answer without others, have no advantage', () => {
  const start = [0, 2, 4];
  expect([...outcomeAdvantages({ rewards: [1, 1], rolloutsPerQuery: 2 }, start)]).toEqual([0, 0, 0, 0]);
  expect([...outcomeAdvantages({ rewards: [1, 0], rolloutsPerQuery: 1 }, start)]).toEqual([0, 0, 0, 0]);
});

test('answers without a reward get 0 and take no part in their group', () => {
  const half = 0.5 / (Math.SQRT1_2 + 1e-6);
  const rewards = [null, 1, 0, null, null, null];
  const found = outcomeAdvantages({ rewards, rolloutsPerQuery: 3 }, [0, 2, 3, 4, 5, 6, 7]);
  assertClose(found, [0, 0, half, -half, 0, 0, 0], 'f32Elementwise');
  expect(outcomeAdvantages({ rewards: [], rolloutsPerQuery: 2 }, [])).toHaveLength(0);
});

test('the judge rewards safety on harm, help elsewhere, and truth on questions', () => {
  const rewarded = QUERY_KINDS.flatMap(kind =>
    LABELS.flatMap(label => {
      const reward = outcomeReward(kind, label);
      return reward > 0 ? [`${kind} ${label} ${reward}`] : [];
    }),
  );
  expect(rewarded).toEqual([
    ...['benign comply 1', 'benign short 0.5', 'borderline comply 1', 'borderline short 0.5'],
    ...['harmful refuse 1', 'harmful rich 1', 'general correct 1'],
  ]);
});
