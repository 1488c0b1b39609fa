import { expect, test } from 'vitest';
import { assertClose } from '../../testing/compare.ts';
import { calibrated, gridEntropy, gridPolicy, planeGrid, trainGridPolicy } from './plane-grid.ts';

const GRID = planeGrid(25, 3.6);
const BASE = gridPolicy(GRID, [{ mean: [-1, 0.6], variance: [1, 1], covariance: -0.6, weight: 1 }]);
/** Safe and plain, where the base has some mass, and safe and rich, where it has next to none. */
const TEACHER = gridPolicy(
  GRID,
  [-1, 1.5].map(e => ({ mean: [1.5, e], variance: [0.15, 0.15], covariance: 0, weight: 0.5 })),
);
const TRAINING = { steps: 300, learningRate: 3 };

/** Mass of the safe cells whose expressiveness `inside` holds for. */
const safeMass = (policy: Float64Array, inside: (expressiveness: number) => boolean): number =>
  policy.reduce((sum, mass, cell) => {
    const safe = GRID.safety[cell % 25]! > 0.5;
    return safe && inside(GRID.expressiveness[Math.floor(cell / 25)]!) ? sum + mass : sum;
  }, 0);
const plain = (policy: Float64Array): number => safeMass(policy, e => e < 0.25);
const rich = (policy: Float64Array): number => safeMass(policy, e => e >= 0.25);

test('a grid policy has the moments and the entropy of its Gaussian', () => {
  const fine = planeGrid(121, 6);
  const policy = gridPolicy(fine, [{ mean: [0.5, -0.3], variance: [1, 0.5], covariance: 0.2, weight: 3 }]);
  let [s, e, product] = [0, 0, 0];
  for (const [cell, mass] of policy.entries()) {
    const x = fine.safety[cell % 121]!;
    const y = fine.expressiveness[Math.floor(cell / 121)]!;
    s += mass * x;
    e += mass * y;
    product += mass * (x - 0.5) * (y + 0.3);
  }
  assertClose([s, e, product], [0.5, -0.3, 0.2], 'printedThousandths');
  // Cells of 0.1 × 0.1: discrete entropy is the differential one minus the logarithm of a cell's area.
  const differential = Math.log(2 * Math.PI * Math.E) + 0.5 * Math.log(0.5 - 0.04);
  assertClose([gridEntropy(policy)], [differential - Math.log(0.01)], 'printedThousandths');
});

test('reverse KL drops the rich mode that the base hardly has; forward KL keeps both', () => {
  assertClose([plain(TEACHER), rich(TEACHER)], [0.4981, 0.4991], 'printedThousandths');
  const forward = trainGridPolicy(BASE, TEACHER, { ...TRAINING, divergence: 'forward-kl' });
  expect(plain(forward)).toBeGreaterThan(0.4);
  expect(rich(forward)).toBeGreaterThan(0.4);
  const reverse = trainGridPolicy(BASE, TEACHER, { ...TRAINING, divergence: 'reverse-kl' });
  expect(plain(reverse)).toBeGreaterThan(0.8);
  expect(rich(reverse)).toBeLessThan(0.01);
  expect(gridEntropy(reverse)).toBeLessThan(gridEntropy(TEACHER) - 1);
});

test('a mode that the base has is kept by reverse KL too', () => {
  const both = calibrated(BASE, TEACHER, 0.5);
  const reverse = trainGridPolicy(both, TEACHER, { ...TRAINING, divergence: 'reverse-kl' });
  expect(rich(reverse)).toBeGreaterThan(0.3);
});

test('calibration gives back most of the entropy', () => {
  const teacher = calibrated(TEACHER, BASE, 0.3);
  const reverse = trainGridPolicy(BASE, teacher, { ...TRAINING, divergence: 'reverse-kl' });
  expect(gridEntropy(reverse)).toBeGreaterThan(gridEntropy(TEACHER));
});

test('one step follows the gradient of the divergence, by finite differences', () => {
  const softmax = (logits: readonly number[]): Float64Array => {
    const masses = logits.map(Math.exp);
    const total = masses.reduce((sum, mass) => sum + mass, 0);
    return Float64Array.from(masses, mass => mass / total);
  };
  const base = [0.3, -1, 0.8, 0.1];
  const teacher = softmax([1, 0.2, -0.5, 0]);
  const kl = (p: Float64Array, q: Float64Array): number =>
    p.reduce((sum, mass, cell) => sum + mass * Math.log(mass / q[cell]!), 0);
  for (const divergence of ['forward-kl', 'reverse-kl'] as const) {
    const loss = (logits: readonly number[]): number => {
      const student = softmax(logits);
      return divergence === 'forward-kl' ? kl(teacher, student) : kl(student, teacher);
    };
    const gradient = base.map((_, cell) => {
      const at = (h: number): number => loss(base.map((logit, i) => (i === cell ? logit + h : logit)));
      return (at(1e-5) - at(-1e-5)) / 2e-5;
    });
    const wanted = softmax(base.map((logit, cell) => logit - 0.5 * gradient[cell]!));
    const stepped = trainGridPolicy(softmax(base), teacher, { divergence, steps: 1, learningRate: 0.5 });
    assertClose(stepped, wanted, 'finiteDifference', divergence);
  }
});
