import { expect } from 'vitest';
import { rowOf } from '../../reference/cross-entropy.ts';
import { divergence } from '../../reference/divergence.ts';
import type { Divergence } from '../../settings/objectives.ts';
import { assertClose } from '../../testing/compare.ts';
import type { METRIC } from './divergence-rows.ts';
import { argmax, type Outcome, type RowOptions, type Rows } from './rows-fixture.ts';

/** Checks metrics and gradient row by row, because rows with extreme logits would stretch a tolerance over all. */
export function checkRows(
  outcome: Outcome,
  input: Rows,
  objective: Divergence,
  { temperature = 1, shaping = {} }: RowOptions = {},
): void {
  const { rows, vocab, student, teacher, target: targets, weight: weights } = input;
  const inputs = { student, teacher, targets, weights, vocab };
  const expected = divergence(inputs, { ...objective, ...shaping, temperature });
  const unscaled = divergence(inputs, { kind: 'reverse-kl' });
  for (let r = 0; r < rows; r++) {
    const one = (name: keyof typeof METRIC): number[] => [outcome.column(name)[r]!];
    const gradient = rowOf(outcome.gradient, r, vocab);
    if (weights[r] === 0) expect(Array.from(gradient)).toEqual(new Array(vocab).fill(0));
    // Log-ratios are as large as the loss, and their f32 rounding with them.
    const scale = Math.max(1, expected.rowLoss[r]!);
    assertClose(
      gradient.map(g => g / scale),
      rowOf(expected.dlogits, r, vocab).map(g => g / scale),
      'f32Loss',
      `gradient of row ${r}`,
    );
    assertClose(one('loss'), [expected.rowLoss[r]!], 'f32Loss', `loss of row ${r}`);
    assertClose(one('reverseKl'), [unscaled.rowLoss[r]!], 'f32Loss', `KL of row ${r}`);
    assertClose(one('studentLogProb'), [expected.studentLogProb[r]!], 'f32Loss', `log p of row ${r}`);
    assertClose(one('teacherLogProb'), [expected.teacherLogProb[r]!], 'f32Loss', `log q of row ${r}`);
    assertClose(one('studentEntropy'), [expected.studentEntropy[r]!], 'f32Loss', `entropy of row ${r}`);
    assertClose(
      one('teacherEntropy'),
      [expected.teacherEntropy[r]!],
      'f32Loss',
      `teacher entropy of row ${r}`,
    );
    const top = argmax(rowOf(student, r, vocab));
    expect(one('studentTopIsTarget')).toEqual([Number(top === targets[r])]);
    expect(one('topAgrees')).toEqual([Number(top === argmax(rowOf(teacher, r, vocab)))]);
  }
}
