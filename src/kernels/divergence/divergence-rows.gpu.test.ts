import { describe, expect, test } from 'vitest';
import type { Divergence } from '../../settings/objectives.ts';
import { everyDivergence } from '../../testing/divergences.ts';
import { checkRows as check } from './check-rows-fixture.ts';
import { METRIC } from './divergence-rows.ts';
import { randomRows, runRows, tunings, type Floats } from './rows-fixture.ts';

const divergences: readonly Divergence[] = [
  ...everyDivergence(0, 0.1, 0.5, 0.9, 1),
  { kind: 'skew-forward', lambda: 1e-3 },
  { kind: 'skew-reverse', lambda: 1e-3 },
  ...[1e-6, 0.7, 0.9999].map(alpha => ({ kind: 'alpha', alpha }) as const),
];

describe.each(Object.entries(tunings))('%s', (_, tuning) => {
  test.each(divergences)('%o: loss, metrics and gradient agree with f64', async objective => {
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
      check(await runRows(tuning, objective, input, { temperature }), input, objective, { temperature });
    }
  });

  test.each(divergences)('%o: logits of −1e4 and −1e30 among normal ones', async objective => {
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
      check(await runRows(tuning, objective, input, { temperature }), input, objective, { temperature });
    }
  });

  test.each(divergences)('%o: equal distributions cost nothing and push nowhere', async objective => {
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
          { temperature },
        );
        for (const loss of [...outcome.column('loss'), ...outcome.column('reverseKl')])
          expect(Math.abs(loss)).toBeLessThanOrEqual(1e-6);
        expect(Math.max(...outcome.gradient.map(Math.abs))).toBeLessThanOrEqual(1e-7);
        expect(outcome.column('topAgrees')).toEqual(new Array(9).fill(1));
      }
    }
  });

  test('a long vocabulary with a heavy tail keeps its sums', async () => {
    // 50,002 tokens share 1.5 % of the mass behind one that has the rest: one running f32 sum would round them away.
    const vocab = 50_002;
    const input = randomRows(3, vocab, 3);
    for (const logits of [input.student, input.teacher]) {
      for (let i = 0; i < logits.length; i++) logits[i] = i % vocab === 0 ? 15 : logits[i]! / 30;
    }
    check(await runRows(tuning, { kind: 'reverse-kl' }, input), input, { kind: 'reverse-kl' });
  });

  test('without gradient the logits stay, and a target of a masked row may be anything', async () => {
    const input = randomRows(9, 31, 2);
    input.target[3] = 0xffffffff;
    const outcome = await runRows(tuning, { kind: 'jsd', beta: 0.3 }, input, { gradient: false });
    expect(outcome.gradient).toEqual(input.student);
    for (const name of Object.keys(METRIC) as (keyof typeof METRIC)[])
      expect(outcome.column(name).every(Number.isFinite)).toBe(true);
  });

  test.each(divergences)('%o: a NaN logit shows in loss and gradient', async objective => {
    for (const side of ['student', 'teacher'] as const) {
      const input = randomRows(2, 331, 8);
      input[side][200] = NaN;
      const outcome = await runRows(tuning, objective, input);
      expect(outcome.column('loss').map(Number.isNaN)).toEqual([true, false]);
      expect(outcome.gradient.subarray(0, 331).some(Number.isFinite)).toBe(false);
      expect(outcome.gradient.subarray(331).every(Number.isFinite)).toBe(true);
    }
  });
});
