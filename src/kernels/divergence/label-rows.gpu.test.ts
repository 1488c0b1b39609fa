import { describe, expect, test } from 'vitest';
import { crossEntropy, rowOf } from '../../reference/cross-entropy.ts';
import { policyGradient } from '../../reference/policy-gradient.ts';
import { entropy, logSoftmax } from '../../reference/softmax.ts';
import { assertClose } from '../../testing/compare.ts';
import { argmax, randomRows, runRows, tunings } from './rows-fixture.ts';

describe.each(Object.entries(tunings))('%s', (_, tuning) => {
  test.each(['cross-entropy', 'policy-gradient'] as const)('%s agrees with f64', async kind => {
    for (const [rows, vocab] of [
      [1, 1],
      [3, 3],
      [65, 331],
      [7, 1100],
    ] as const) {
      const input = randomRows(rows, vocab, rows + vocab);
      if (vocab > 3) input.student.fill(-1e30, 7, 300);
      const outcome = await runRows(tuning, { kind }, input);
      const { student, target, weight, advantage } = input;
      const expected =
        kind === 'cross-entropy'
          ? crossEntropy(student, target, weight, vocab)
          : policyGradient(student, target, advantage, weight, vocab);
      assertClose(outcome.gradient, expected.dlogits, 'f32Sum', 'gradient');
      assertClose(outcome.column('loss'), expected.rowLoss, 'f32Loss', 'loss');
      for (let r = 0; r < rows; r++) {
        const logProbs = logSoftmax(rowOf(student, r, vocab));
        assertClose([outcome.column('studentLogProb')[r]!], [logProbs[target[r]!]!], 'f32Loss', 'log p');
        assertClose([outcome.column('studentEntropy')[r]!], [entropy(logProbs)], 'f32Loss', 'entropy');
        expect(outcome.column('studentTopIsTarget')[r]).toBe(Number(argmax(logProbs) === target[r]));
        if (weight[r] === 0)
          expect(Array.from(rowOf(outcome.gradient, r, vocab))).toEqual(new Array(vocab).fill(0));
      }
      expect(outcome.column('teacherLogProb')).toEqual(new Array(rows).fill(0));
    }
  });
});

test('more rows than one dimension of workgroups holds', async () => {
  const input = randomRows(65_600, 1, 4);
  const outcome = await runRows(
    { software: true, rowLanes: 1, rowsPerGroup: 1 },
    { kind: 'policy-gradient' },
    input,
  );
  expect(outcome.column('studentTopIsTarget').every(value => value === 1)).toBe(true);
});
