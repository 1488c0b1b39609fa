import { describe, expect, test } from 'vitest';
import { rowOf } from '../../reference/cross-entropy.ts';
import { divergence } from '../../reference/divergence.ts';
import { assertClose } from '../../testing/compare.ts';
import { everyDivergence } from '../../testing/divergences.ts';
import { checkRows } from './check-rows-fixture.ts';
import { randomRows, runRows, tunings, type Floats } from './rows-fixture.ts';

const divergences = [...everyDivergence(0.3), { kind: 'alpha', alpha: 0.8 } as const];

describe.each(Object.entries(tunings))('%s', (_, tuning) => {
  test.each(divergences)('%o: top tokens and a bucket agree with f64', async objective => {
    for (const [rows, vocab, temperature, topK] of [
      [3, 3, 0.7, 1],
      [2, 64, 1, 63],
      [65, 331, 1.6, 5],
      [18, 783, 1, 100],
      [5, 1030, 0.7, 1],
    ] as const) {
      const input = randomRows(rows, vocab, rows * 10_007 + vocab);
      const options = { temperature, shaping: { topK } };
      checkRows(await runRows(tuning, objective, input, options), input, objective, options);
    }
  });

  test.each(divergences)('%o: one bucket token or none is the whole vocabulary', async objective => {
    const input = randomRows(5, 331, 6);
    const whole = await runRows(tuning, objective, input);
    for (const topK of [330, 331, 5000]) {
      const outcome = await runRows(tuning, objective, input, { shaping: { topK } });
      const name = topK === 330 ? 'f32Loss' : 'exact';
      assertClose(outcome.column('loss'), whole.column('loss'), name, `loss with K = ${topK}`);
      assertClose(outcome.gradient, whole.gradient, name, `gradient with K = ${topK}`);
    }
  });

  test.each(divergences)('%o: logits of ±80 and −1e4 in and out of the bucket', async objective => {
    const input = randomRows(5, 331, 5);
    const set = (logits: Floats, row: number, to: number, every: number): void => {
      for (let v = 0; v < 331; v++) if (v % every !== 0) logits[row * 331 + v] = to;
    };
    // The student's bucket holds e^−160 of its mass; then the teacher's does; then both hold e^−10000.
    input.student.fill(-80, 0, 331);
    input.student[7] = 80;
    input.teacher.fill(0, 0, 331);
    input.teacher[7] = 6;
    input.teacher.fill(-80, 331, 662);
    input.teacher.fill(80, 331 + 100, 331 + 104);
    for (const logits of [input.student, input.teacher]) set(logits, 2, -1e4, 83);
    for (let i = 4 * 331; i < 5 * 331; i++) input.student[i]! -= 1e4;
    for (const [topK, temperature] of [
      [4, 1],
      [20, 0.7],
    ] as const) {
      const options = { temperature, shaping: { topK } };
      checkRows(await runRows(tuning, objective, input, options), input, objective, options);
    }
  });

  test('equal logits at the edge enter by the lowest ids, exactly K of them', async () => {
    const input = randomRows(6, 331, 9);
    // Nothing but ties; ties around the edge; both zeros; ties among negative logits and low ones.
    input.teacher.fill(2, 0, 331);
    input.teacher.forEach((z, i) => {
      if (i >= 331) input.teacher[i] = Math.round(z);
    });
    for (let v = 0; v < 331; v++) input.teacher[2 * 331 + v] = v % 2 === 0 ? -0 : 0;
    input.teacher.fill(-1e30, 4 * 331, 5 * 331);
    for (const v of [3, 200]) input.teacher[4 * 331 + v] = -2;
    for (const topK of [1, 6, 7, 100, 329]) {
      const options = { shaping: { topK } };
      const objective = { kind: 'forward-kl' } as const;
      checkRows(await runRows(tuning, objective, input, options), input, objective, options);
    }
  });

  test('49,152 entries', async () => {
    const input = randomRows(2, 49_152, 3);
    const objective = { kind: 'reverse-kl' } as const;
    const options = { shaping: { topK: 64, tokenClip: 100 } };
    checkRows(await runRows(tuning, objective, input, options), input, objective, options);
  });

  test('top tokens of a vocabulary by hand', async () => {
    const logs = (...values: number[]): Floats => Float32Array.from(values, Math.log);
    const input = {
      ...randomRows(1, 4, 1),
      // Outcomes: (1/2, 1/2) and (1/4, 3/4), the student's bucket in parts 1 : 2 : 1.
      student: logs(0.125, 0.5, 0.25, 0.125),
      teacher: logs(0.25, 0.25, 0.2, 0.3),
      weight: Float32Array.of(2),
    };
    input.teacher = logs(0.05, 0.75, 0.1, 0.1);
    const { gradient, column } = await runRows(tuning, { kind: 'reverse-kl' }, input, {
      shaping: { topK: 1 },
    });
    assertClose(column('loss'), [Math.log(4 / 3) / 2], 'f32Loss', 'loss');
    const slope = Math.log(3) / 4;
    assertClose(
      gradient,
      [slope / 4, -slope, slope / 2, slope / 4].map(g => 2 * g),
      'f32Loss',
      'gradient',
    );
  });

  test.each(divergences)('%o: a token is clipped above c, exactly without gradient', async objective => {
    const input = randomRows(9, 331, 12);
    const { student, teacher, target: targets, weight: weights, vocab } = input;
    for (const shaping of [{}, { topK: 20 }]) {
      const losses = divergence(
        { student, teacher, targets, weights, vocab },
        { ...objective, ...shaping },
      ).rowLoss;
      const sorted = [...losses].sort((a, b) => a - b);
      const tokenClip = (sorted[4]! + sorted[5]!) / 2;
      const options = { shaping: { ...shaping, tokenClip } };
      const outcome = await runRows(tuning, objective, input, options);
      checkRows(outcome, input, objective, options);
      for (const [r, loss] of losses.entries()) {
        const still = rowOf(outcome.gradient, r, vocab).every(g => g === 0);
        expect(still).toBe(loss > tokenClip || weights[r] === 0);
        if (loss > tokenClip) expect(outcome.column('loss')[r]).toBe(Math.fround(tokenClip));
      }
      const plain = await runRows(tuning, objective, input, { shaping });
      const open = await runRows(tuning, objective, input, {
        shaping: { ...shaping, tokenClip: Infinity },
      });
      expect(open.gradient).toEqual(plain.gradient);
    }
  });

  test('NaN is neither sorted away nor clipped away', async () => {
    for (const side of ['student', 'teacher'] as const) {
      const input = randomRows(2, 331, 8);
      input[side][200] = NaN;
      const outcome = await runRows(tuning, { kind: 'jsd', beta: 0.5 }, input, {
        shaping: { topK: 8, tokenClip: 0.1 },
      });
      expect(outcome.column('loss').map(Number.isNaN)).toEqual([true, false]);
      expect(outcome.gradient.subarray(0, 331).some(Number.isFinite)).toBe(false);
    }
  });

  test('a teacher whose rows begin later gives the same', async () => {
    const input = randomRows(3, 331, 21);
    const objective = { kind: 'forward-kl' } as const;
    for (const shaping of [{}, { topK: 9 }]) {
      const plain = await runRows(tuning, objective, input, { shaping });
      const later = await runRows(tuning, objective, input, { shaping, teacherStart: 5 });
      expect(later.gradient).toEqual(plain.gradient);
      expect(later.column('loss')).toEqual(plain.column('loss'));
    }
  });
});
