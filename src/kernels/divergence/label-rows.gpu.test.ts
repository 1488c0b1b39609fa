import { describe, expect, test } from 'vitest';
import { crossEntropy, rowOf } from '../../reference/cross-entropy.ts';
import { policyGradient } from '../../reference/policy-gradient.ts';
import { entropy, logSoftmax } from '../../reference/softmax.ts';
import { assertClose } from '../../testing/compare.ts';
import { argmax, randomRows, runRows, tunings, type Rows } from './rows-fixture.ts';

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

  /** Puts log p_old and log p_ref at distances from log p that clip some tokens of each sign, and leave others. */
  function nearPolicies(input: Rows): Rows {
    const { rows, vocab, student, target } = input;
    const logProb = Array.from(target, (id, r) => logSoftmax(rowOf(student, r, vocab))[id]!);
    const near = (spread: number) =>
      Float32Array.from({ length: rows }, (_unused, r) => logProb[r]! + spread * Math.sin(1 + 7 * r));
    return { ...input, oldLogProb: near(0.5), referenceLogProb: near(2) };
  }

  test.each([
    { clipRatio: 0.2 },
    { clipRatio: 0 },
    { anchorWeight: 0.05 },
    { clipRatio: 0.2, anchorWeight: 0.05 },
  ])('the clipped ratio and the anchor agree with f64: %o', async options => {
    const { clipRatio, anchorWeight } = options;
    for (const [rows, vocab] of [
      [3, 3],
      [65, 331],
      [7, 1100],
    ] as const) {
      const input = nearPolicies(randomRows(rows, vocab, rows + vocab));
      const { student, target, weight, advantage, oldLogProb, referenceLogProb } = input;
      const expected = policyGradient(student, target, advantage, weight, vocab, {
        ...(clipRatio !== undefined && { proximal: { clipRatio, oldLogProb } }),
        ...(anchorWeight !== undefined && { anchor: { weight: anchorWeight, referenceLogProb } }),
      });
      const outcome = await runRows(tuning, { kind: 'policy-gradient' }, input, options);
      assertClose(outcome.gradient, expected.dlogits, 'f32Sum', 'gradient');
      assertClose(outcome.column('loss'), expected.rowLoss, 'f32Loss', 'loss');
      if (rows < 65 || anchorWeight !== undefined) continue;
      const still = Array.from({ length: rows }, (_unused, r) =>
        rowOf(outcome.gradient, r, vocab).every(g => g === 0),
      );
      expect(still).toEqual(
        Array.from({ length: rows }, (_unused, r) => rowOf(expected.dlogits, r, vocab).every(g => g === 0)),
      );
      // More than the masked rows where there is a bound, some of either sign, and not all.
      const held = advantage.filter((_a, r) => still[r] && weight[r] !== 0);
      expect([held.some(a => a > 0), held.some(a => a < 0)]).toEqual([clipRatio > 0, clipRatio > 0]);
      expect(still).toContain(false);
    }
  });

  test('policies so far apart that e^d would overflow give finite numbers, and NaN stays NaN', async () => {
    const input = randomRows(5, 331, 2);
    input.weight.fill(1);
    input.advantage.set([1, -1, 0, 1, 1]);
    input.oldLogProb.fill(-200);
    input.referenceLogProb.fill(200);
    const outcome = await runRows(tuning, { kind: 'policy-gradient' }, input, {
      clipRatio: 0.2,
      anchorWeight: 1,
    });
    expect(outcome.column('loss').every(Number.isFinite)).toBe(true);
    expect(outcome.gradient.every(Number.isFinite)).toBe(true);
    input.oldLogProb[1] = NaN;
    const broken = await runRows(tuning, { kind: 'policy-gradient' }, input, { clipRatio: 0.2 });
    expect(broken.column('loss').map(Number.isNaN)).toEqual([false, true, false, false, false]);
    expect(rowOf(broken.gradient, 1, 331).some(Number.isFinite)).toBe(false);
  });

  test('a NaN logit shows in loss and gradient', async () => {
    for (const kind of ['cross-entropy', 'policy-gradient'] as const) {
      const input = randomRows(2, 331, 8);
      input.student[200] = NaN;
      const outcome = await runRows(tuning, { kind }, input);
      expect(outcome.column('loss').map(Number.isNaN)).toEqual([true, false]);
      expect(outcome.gradient.subarray(0, 331).some(Number.isFinite)).toBe(false);
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
