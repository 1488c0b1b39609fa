import { describe, expect, test } from 'vitest';
import { rowOf } from '../../reference/cross-entropy.ts';
import { divergence } from '../../reference/divergence.ts';
import { assertClose } from '../../testing/compare.ts';
import { METRIC } from './divergence-rows.ts';
import type { DivergenceObjective } from './objectives.ts';
import {
  argmax,
  randomRows,
  runRows,
  tunings,
  type Floats,
  type Outcome,
  type Rows,
} from './rows-fixture.ts';

const divergences: readonly DivergenceObjective[] = [
  { kind: 'reverse-kl' },
  { kind: 'forward-kl' },
  ...[0, 0.1, 0.5, 0.9, 1].map(beta => ({ kind: 'jsd', beta }) as const),
];

/** Checks row by row, because rows with extreme logits would stretch a tolerance over all. */
function check(outcome: Outcome, input: Rows, objective: DivergenceObjective, temperature: number): void {
  const { rows, vocab, student, teacher, target: targets, weight: weights } = input;
  const inputs = { student, teacher, targets, weights, vocab };
  const expected = divergence(inputs, { ...objective, temperature });
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

describe.each(Object.entries(tunings))('%s', (_, tuning) => {
  test.each(divergences)('$kind $beta: loss, metrics and gradient agree with f64', async objective => {
    for (const [rows, vocab, temperature] of [
      [1, 1, 1],
      [3, 3, 0.7],
      [2, 64, 1],
      [65, 331, 0.7],
      [65, 331, 1],
      [2, 783, 1.6],
      [5, 1030, 1.6],
      [7, 1100, 1],
    ] as const) {
      const input = randomRows(rows, vocab, rows * 10_007 + vocab);
      check(await runRows(tuning, objective, input, temperature), input, objective, temperature);
    }
  });

  test.each(divergences)('$kind $beta: logits of −1e4 and −1e30 among normal ones', async objective => {
    const input = randomRows(6, 331, 5);
    const lower = (logits: Floats, row: number, to: number, every: number): void => {
      for (let v = 0; v < 331; v++) if (v % every !== 0) logits[row * 331 + v] = to;
    };
    lower(input.student, 0, -1e4, 2);
    lower(input.teacher, 0, -1e4, 2);
    lower(input.student, 1, -1e30, 2);
    lower(input.teacher, 1, -1e30, 2);
    // One side alone: the divergence is as large as the logits say.
    lower(input.teacher, 2, -1e4, 3);
    lower(input.student, 4, -1e30, 3);
    // Nothing but low logits is a distribution all the same.
    for (let i = 5 * 331; i < 6 * 331; i++) input.student[i]! -= 1e4;
    for (const temperature of [0.7, 1]) {
      check(await runRows(tuning, objective, input, temperature), input, objective, temperature);
    }
  });

  test.each(divergences)(
    '$kind $beta: equal distributions cost nothing and push nowhere',
    async objective => {
      const input = randomRows(9, 783, 11);
      const weight = input.weight.map(() => 1);
      for (const shift of [0, 7.25]) {
        // A constant added to every logit leaves the distribution; here it is exact in f32.
        const student = input.student.map(z => Math.round(z * 1024) / 1024);
        const teacher = student.map(z => z + shift);
        for (const temperature of [0.7, 1, 1.6]) {
          const outcome = await runRows(
            tuning,
            objective,
            { ...input, student, teacher, weight },
            temperature,
          );
          for (const loss of [...outcome.column('loss'), ...outcome.column('reverseKl')])
            expect(Math.abs(loss)).toBeLessThanOrEqual(1e-6);
          expect(Math.max(...outcome.gradient.map(Math.abs))).toBeLessThanOrEqual(1e-7);
          expect(outcome.column('topAgrees')).toEqual(new Array(9).fill(1));
        }
      }
    },
  );

  test('a long vocabulary with a heavy tail keeps its sums', async () => {
    // 50,002 tokens share 1.5 % of the mass behind one that has the rest: one running f32 sum would round them away.
    const vocab = 50_002;
    const input = randomRows(3, vocab, 3);
    for (const logits of [input.student, input.teacher]) {
      for (let i = 0; i < logits.length; i++) logits[i] = i % vocab === 0 ? 15 : logits[i]! / 30;
    }
    check(await runRows(tuning, { kind: 'reverse-kl' }, input), input, { kind: 'reverse-kl' }, 1);
  });

  test('without gradient the logits stay, and a target of a masked row may be anything', async () => {
    const input = randomRows(9, 31, 2);
    input.target[3] = 0xffffffff;
    const outcome = await runRows(tuning, { kind: 'jsd', beta: 0.3 }, input, 1, false);
    expect(outcome.gradient).toEqual(input.student);
    for (const name of Object.keys(METRIC) as (keyof typeof METRIC)[])
      expect(outcome.column(name).every(Number.isFinite)).toBe(true);
  });

  test('a NaN logit shows in loss and gradient instead of vanishing', async () => {
    const input = randomRows(2, 331, 8);
    input.student[200] = NaN;
    const outcome = await runRows(tuning, { kind: 'reverse-kl' }, input);
    expect(outcome.column('loss').map(Number.isNaN)).toEqual([true, false]);
    expect(outcome.gradient.subarray(0, 331).every(Number.isNaN)).toBe(true);
    expect(outcome.gradient.subarray(331).every(Number.isFinite)).toBe(true);
  });

  test('settings that would give wrong numbers are refused', async () => {
    const input = randomRows(1, 3, 1);
    await expect(runRows(tuning, { kind: 'jsd', beta: 1.2 }, input)).rejects.toThrow(RangeError);
    await expect(runRows(tuning, { kind: 'forward-kl' }, input, 0)).rejects.toThrow(RangeError);
    await expect(runRows(tuning, { kind: 'cross-entropy' }, input, 0.7)).rejects.toThrow(RangeError);
  });
});
