import { expect, test } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { testRandom } from '../testing/random.ts';
import { softmax } from './softmax.ts';
import { tokenMass } from './token-mass.ts';

test('is the sum of the softmax over the set, and its log-odds', () => {
  const random = testRandom(3);
  for (const vocab of [2, 7, 331]) {
    const row = random.normals(vocab, 3);
    const member = Array.from(row, (_, v) => Number(v === 1 || (v > 1 && random.uniform() < 0.3)));
    const sum = softmax(row).reduce((total, p, v) => total + p * member[v]!, 0);
    const { mass, logOdds } = tokenMass(row, member);
    assertClose([mass, logOdds], [sum, Math.log(sum / (1 - sum))], 'referenceIdentity');
  }
});

test('keeps the log-odds where the mass is 0 or 1 in floating point', () => {
  expect(tokenMass([1000, 0, 0], [0, 1, 1]).logOdds).toBeCloseTo(Math.log(2) - 1000, 9);
  expect(tokenMass([1000, 0, 0], [1, 0, 0])).toEqual({ mass: 1, logOdds: 1000 - Math.log(2) });
});
