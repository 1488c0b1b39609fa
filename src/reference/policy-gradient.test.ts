import { describe, expect, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { centralDifference } from '../testing/finite-difference.ts';
import { testRandom } from '../testing/random.ts';
import { crossEntropy } from './cross-entropy.ts';
import { policyGradient, type PolicyGradientTerms } from './policy-gradient.ts';

/** One token with p = (1/4, 3/4) that sampled the first: what comes of log p = log 1/4. */
function one(advantage: number, terms: PolicyGradientTerms) {
  const { loss, dlogits } = policyGradient([0, Math.log(3)], [0], [advantage], [1], 2, terms);
  return { loss, dlogits };
}

describe('policyGradient by hand, p(y) = 1/4', () => {
  const proximal = (old: number) => ({ proximal: { clipRatio: 0.2, oldLogProb: [Math.log(old)] } });
  // The gradient is −∂L/∂log p (p − onehot) = pull · (−3/4, 3/4).
  const expectResult = (result: ReturnType<typeof one>, loss: number, pull: number): void => {
    assertClose([result.loss], [loss], 'referenceIdentity');
    assertClose(result.dlogits, [-0.75 * pull, 0.75 * pull], 'referenceIdentity');
  };

  it.each([
    ['ρ = 1', 0.25, 2, -2, 2],
    ['ρ = 2 of a good token is clipped to 1.2, without gradient', 0.125, 2, -2.4, 0],
    ['ρ = 2 of a bad token is not', 0.125, -2, 4, -4],
    ['ρ = 1/2 of a good token is not clipped', 0.5, 2, -1, 1],
    ['ρ = 1/2 of a bad token is clipped to 0.8, without gradient', 0.5, -2, 1.6, 0],
    ['ρ = 10/9 lies within', 0.225, 3, -10 / 3, 10 / 3],
  ])('%s', (_, old, advantage, loss, pull) => {
    expectResult(one(advantage, proximal(old)), loss, pull);
  });

  it('clips nothing with ε = 0', () => {
    expectResult(one(2, { proximal: { clipRatio: 0, oldLogProb: [Math.log(0.125)] } }), -4, 4);
  });

  it('pulls to the anchor: k3 = 2 − log 2 − 1 for half its probability', () => {
    const anchor = { anchor: { weight: 0.1, referenceLogProb: [Math.log(0.5)] } };
    expectResult(one(0, anchor), 0.1 * (1 - Math.log(2)), 0.1);
    expectResult(one(2, { ...proximal(0.125), ...anchor }), -2.4 + 0.1 * (1 - Math.log(2)), 0.1);
    expectResult(one(0, { anchor: { weight: 1, referenceLogProb: [Math.log(0.25)] } }), 0, 0);
  });
});

describe('policyGradient of random rows', () => {
  const vocab = 7;
  const [targets, weights, advantage] = [
    [3, 0, 6, 2],
    [0.5, 0, 2, 1],
    [1.5, -2, -0.3, 0.7],
  ];
  const student = testRandom(41).normals(4 * vocab, 2);
  const nll = crossEntropy(student, targets, weights, vocab).rowLoss;
  const shifted = (by: number[]): number[] => by.map((d, r) => d - nll[r]!);
  // The ratios are e^−0.5, …: outside the bounds and inside them.
  const terms: PolicyGradientTerms[] = [
    { proximal: { clipRatio: 0.2, oldLogProb: shifted([0.5, 0.5, -0.1, -0.6]) } },
    { anchor: { weight: 0.4, referenceLogProb: shifted([1, -2, -0.5, 0.3]) } },
    {
      proximal: { clipRatio: 0.2, oldLogProb: shifted([-0.5, 0.5, 0.6, 0.1]) },
      anchor: { weight: 0.4, referenceLogProb: shifted([1, -2, -0.5, 0.3]) },
    },
  ];

  it.each(terms)('has the gradient of finite differences: %#', given => {
    const run = () => policyGradient(student, targets, advantage, weights, vocab, given);
    assertClose(
      run().dlogits,
      centralDifference(() => run().loss, student),
      'finiteDifference',
    );
  });

  it('on the policy that sampled, the clipped ratio has the plain gradient and the loss −A', () => {
    const old = nll.map(x => -x);
    const plain = policyGradient(student, targets, advantage, weights, vocab);
    const ratio = policyGradient(student, targets, advantage, weights, vocab, {
      proximal: { clipRatio: 0.2, oldLogProb: old },
    });
    assertClose(ratio.dlogits, plain.dlogits, 'referenceIdentity');
    assertClose(
      ratio.rowLoss,
      advantage.map(a => -a),
      'referenceIdentity',
    );
  });

  it('estimates KL(p ‖ p_ref) by k3 without bias', () => {
    const reference = testRandom(43).normals(vocab, 1);
    const logits = student.slice(0, vocab);
    const tokens = Array.from({ length: vocab }, (_, v) => v);
    const same = (row: ArrayLike<number>) => tokens.flatMap(() => Array.from(row));
    const logProbs = (row: ArrayLike<number>) =>
      crossEntropy(same(row), tokens, new Array(vocab).fill(1), vocab).rowLoss.map(x => -x);
    const [logP, logRef] = [logProbs(logits), logProbs(reference)];
    const { loss } = policyGradient(
      same(logits),
      tokens,
      new Array(vocab).fill(0),
      logP.map(Math.exp),
      vocab,
      { anchor: { weight: 1, referenceLogProb: logRef } },
    );
    const kl = logP.reduce((sum, lp, v) => sum + Math.exp(lp) * (lp - logRef[v]!), 0);
    expect(kl).toBeGreaterThan(0.1);
    assertClose([loss], [kl], 'referenceIdentity');
  });
});
