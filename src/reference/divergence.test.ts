import { describe, expect, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { everyDivergence } from '../testing/divergences.ts';
import { centralDifference } from '../testing/finite-difference.ts';
import { testRandom } from '../testing/random.ts';
import { crossEntropy } from './cross-entropy.ts';
import { divergence, type DivergenceOptions } from './divergence.ts';
import { policyGradient } from './policy-gradient.ts';

const vocab = 7;
const targets = [3, 0, 6];
const weights = [0.5, 0, 2];
const logits = (seed: number): Float64Array => testRandom(seed).normals(3 * vocab, 2);

const options: DivergenceOptions[] = [
  { kind: 'reverse-kl', temperature: 0.7 },
  { kind: 'forward-kl', temperature: 0.7 },
  ...everyDivergence(0, 0.1, 0.3, 0.5, 0.8, 0.9, 0.95, 1).map(of => ({
    ...of,
    temperature: 1.2,
  })),
  { kind: 'alpha', alpha: 1e-3, temperature: 1.2 },
  { kind: 'alpha', alpha: 0.999, temperature: 1.2 },
];

describe.each(options)('divergence $kind beta $beta lambda $lambda alpha $alpha', option => {
  const teacher = logits(21);

  it('has the gradient of finite differences', () => {
    const student = logits(22);
    const run = () => divergence({ student, teacher, targets, weights, vocab }, option);
    assertClose(
      run().dlogits,
      centralDifference(() => run().loss, student),
      'finiteDifference',
    );
  });

  it('is zero with zero gradient between equal distributions, even shifted by a constant', () => {
    const student = teacher.map(z => z + 40);
    const result = divergence({ student, teacher, targets, weights, vocab }, option);
    assertClose(result.rowLoss, [0, 0, 0], 'referenceIdentity');
    assertClose(result.dlogits, new Float64Array(3 * vocab), 'referenceIdentity');
  });

  it.each([-1e4, -1e30, -Infinity])('is finite where both sides all but exclude a token (%f)', low => {
    const student = [1, low, 0.5];
    const result = divergence(
      { student, teacher: [0, low, 2], targets: [0], weights: [1], vocab: 3 },
      option,
    );
    const without = divergence(
      { student: [1, 0.5], teacher: [0, 2], targets: [0], weights: [1], vocab: 2 },
      option,
    );
    assertClose(result.rowLoss, without.rowLoss, 'referenceIdentity');
    assertClose(result.dlogits, [without.dlogits[0]!, 0, without.dlogits[1]!], 'referenceIdentity');
    assertClose(result.studentEntropy, without.studentEntropy, 'referenceIdentity');
    assertClose(result.teacherLogProb, without.teacherLogProb, 'referenceIdentity');
  });

  it('vanishes for a vocabulary of one', () => {
    const result = divergence({ student: [3], teacher: [-9], targets: [0], weights: [1], vocab: 1 }, option);
    const { loss, dlogits, studentEntropy, studentLogProb } = result;
    assertClose([loss, ...dlogits, ...studentEntropy, ...studentLogProb], [0, 0, 0, 0], 'referenceIdentity');
  });

  it('falls as 1/τ² at a huge temperature, and stays non-negative', () => {
    const student = logits(22);
    const at = (temperature: number): Float64Array =>
      divergence({ student, teacher, targets, weights, vocab }, { ...option, temperature }).rowLoss;
    const [warm, hot] = [at(1e3), at(1e4)];
    for (let r = 0; r < 3; r++) expect(warm[r]! / hot[r]!).toBeCloseTo(100, 0);
    expect(Math.min(...at(1e9))).toBeGreaterThan(-1e-15);
  });
});

describe('divergence', () => {
  const student = logits(31);
  const teacher = logits(32);
  const inputs = { student, teacher, targets, weights, vocab };

  it('takes forward KL at beta 0 and reverse KL at beta 1', () => {
    const jsd = (beta: number) => divergence(inputs, { kind: 'jsd', beta });
    assertClose(jsd(0).dlogits, divergence(inputs, { kind: 'forward-kl' }).dlogits, 'exact');
    assertClose(jsd(1).dlogits, divergence(inputs, { kind: 'reverse-kl' }).dlogits, 'exact');
    assertClose(jsd(1).rowLoss, divergence(inputs, { kind: 'reverse-kl' }).rowLoss, 'exact');
  });

  it('exchanges student and teacher between the two directions', () => {
    const swapped = { ...inputs, student: teacher, teacher: student };
    assertClose(
      divergence(inputs, { kind: 'reverse-kl' }).rowLoss,
      divergence(swapped, { kind: 'forward-kl' }).rowLoss,
      'referenceIdentity',
    );
  });

  it('is a KL of log 2 and a JSD(0.5) of known value for a certain teacher', () => {
    const pair = { student: [0, 0], teacher: [0, -1e9], targets: [1], weights: [1], vocab: 2 };
    assertClose(divergence(pair, { kind: 'forward-kl' }).rowLoss, [Math.log(2)], 'referenceIdentity');
    const known = 0.5 * Math.log(1 / 0.75) + 0.25 * Math.log(0.5 / 0.75) + 0.25 * Math.log(2);
    assertClose(divergence(pair, { kind: 'jsd', beta: 0.5 }).rowLoss, [known], 'referenceIdentity');
  });

  it('leaves rows of weight zero out of loss and gradient, and measures at temperature 1', () => {
    const result = divergence(inputs, { kind: 'reverse-kl', temperature: 3 });
    assertClose(result.dlogits.slice(vocab, 2 * vocab), new Float64Array(vocab), 'exact');
    const nll = crossEntropy(student, targets, [1, 1, 1], vocab).rowLoss;
    assertClose(
      result.studentLogProb,
      nll.map(x => -x),
      'referenceIdentity',
    );
  });
});

describe('crossEntropy and policyGradient', () => {
  it('have the gradients of finite differences', () => {
    const student = logits(41);
    const advantage = [1.5, -2, -0.3];
    const ce = () => crossEntropy(student, targets, weights, vocab);
    const pg = () => policyGradient(student, targets, advantage, weights, vocab);
    assertClose(
      ce().dlogits,
      centralDifference(() => ce().loss, student),
      'finiteDifference',
    );
    assertClose(
      pg().dlogits,
      centralDifference(() => pg().loss, student),
      'finiteDifference',
    );
    assertClose(
      pg().rowLoss,
      ce().rowLoss.map((x, r) => x * advantage[r]!),
      'referenceIdentity',
    );
  });

  it('keeps an improbable target finite', () => {
    const { rowLoss, dlogits } = crossEntropy([0, -1e4], [1], [1], 2);
    assertClose(rowLoss, [1e4], 'exact');
    assertClose(dlogits, [1, -1], 'exact');
  });
});
