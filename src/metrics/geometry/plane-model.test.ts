import { expect, test } from 'vitest';
import { assertClose } from '../../testing/compare.ts';
import { hazard, normalCdf } from './normal.ts';
import {
  planeEntropy,
  planePolicy,
  planeSafety,
  planeStudent,
  type PlanePolicy,
  type PlaneTeacher,
  type PlaneTraining,
} from './plane-model.ts';

const BASE = planePolicy([0, 0], [1, 1], -0.6);
const SOFT: PlaneTeacher = { boundary: 1, sharpness: 20, calibration: 0 };
const HARD: PlaneTeacher = { boundary: 1, sharpness: Infinity, calibration: 0 };
const FORWARD: PlaneTraining = { divergence: 'forward-kl', frozenCovariance: false };
const REVERSE: PlaneTraining = { divergence: 'reverse-kl', frozenCovariance: false };

const figures = (policy: PlanePolicy): number[] => [
  ...policy.mean,
  planeEntropy(policy),
  planeSafety(policy, 1),
];

// From the design this model comes from, computed by another program and printed to three decimals.
test('the printed students of soft and hard boundaries, forward and reverse KL, free and frozen covariance', () => {
  assertClose([planeEntropy(BASE)], [2.615], 'printedThousandths');
  assertClose(planeStudent(BASE, HARD, FORWARD).mean, [1.525, -0.915], 'printedThousandths');
  const rows: [PlaneTraining, number[]][] = [
    [FORWARD, [1.516, -0.909, 1.825, 0.872]],
    [REVERSE, [1.492, -0.895, 1.502, 0.933]],
    [{ ...REVERSE, frozenCovariance: true }, [2.225, -1.335, 2.615, 0.89]],
  ];
  for (const [training, printed] of rows)
    assertClose(figures(planeStudent(BASE, SOFT, training)), printed, 'printedThousandths');
});

test('Φ and the hazard: tabled values, the seam of both formulas, far out', () => {
  // h(10) from the asymptotic series 1/x − 1/x³ + 3/x⁵ − … of the Mills ratio.
  assertClose([normalCdf(1), normalCdf(-5)], [0.8413447460685429, 2.866515718791939e-7], 'referenceIdentity');
  assertClose(
    [normalCdf(3 - 1e-13), hazard(3 - 1e-13)],
    [normalCdf(3 + 1e-13), hazard(3 + 1e-13)],
    'finiteDifference',
  );
  assertClose([hazard(10)], [10.0980932339625], 'finiteDifference');
});

test('a hard boundary has the moments of the truncated normal, and the limit of soft ones', () => {
  const base = planePolicy([0.5, -1], [2, 0.7], 0.3);
  const h = hazard(0.25);
  const delta = h * (h - 0.25);
  const hard = planeStudent(base, HARD, FORWARD);
  assertClose(
    [...hard.mean, ...hard.variance],
    [0.5 + 2 * h, -1 + 0.3 * 0.7 * h, 4 * (1 - delta), 0.49 * (1 - 0.09 * delta)],
    'referenceIdentity',
  );
  const steep = planeStudent(base, { ...SOFT, sharpness: 2_000 }, FORWARD);
  assertClose(steep.mean, hard.mean, 'printedThousandths');
});

/** KL(N(m, S) ‖ teacher) up to a constant, by summing over the whole plane: nothing of the reduction to s. */
function planeDivergence(
  student: PlanePolicy,
  { boundary, sharpness, calibration: w }: PlaneTeacher,
): number {
  const step = 0.03;
  const reach = 6;
  const density = ({ mean, variance, covariance }: PlanePolicy, s: number, e: number): number => {
    const determinant = variance[0] * variance[1] - covariance ** 2;
    const [x, y] = [s - mean[0], e - mean[1]];
    const square = (variance[1] * x * x - 2 * covariance * x * y + variance[0] * y * y) / determinant;
    return -square / 2 - Math.log(2 * Math.PI * Math.sqrt(determinant));
  };
  const sigmoid = (s: number): number => 1 / (1 + Math.exp(-sharpness * (s - boundary)));
  let z = 0;
  for (let s = -reach; s <= reach; s += step)
    z += ((step * Math.exp((-s * s) / 2)) / Math.sqrt(2 * Math.PI)) * sigmoid(s);
  let sum = 0;
  for (let s = -reach; s <= reach; s += step)
    for (let e = -reach; e <= reach; e += step) {
      const log = density(student, s, e);
      const tilt = Math.log(((1 - w) * sigmoid(s)) / z + w);
      sum += Math.exp(log) * (log - density(BASE, s, e) - tilt) * step * step;
    }
  return sum;
}

test('the reverse-KL student is a minimum over all five numbers of a Gaussian, with and without calibration', () => {
  for (const calibration of [0, 0.2]) {
    const teacher = { boundary: 0.7, sharpness: 6, calibration };
    const student = planeStudent(BASE, teacher, REVERSE);
    const best = planeDivergence(student, teacher);
    const { mean, variance, covariance } = student;
    for (const move of [-0.02, 0.02]) {
      const others: PlanePolicy[] = [
        { ...student, mean: [mean[0] + move, mean[1]] },
        { ...student, mean: [mean[0], mean[1] + move] },
        { ...student, variance: [variance[0] + move, variance[1]] },
        { ...student, variance: [variance[0], variance[1] + move] },
        { ...student, covariance: covariance + move },
      ];
      for (const other of others) expect(planeDivergence(other, teacher)).toBeGreaterThan(best + 1e-6);
    }
  }
});

test('leakage per unit of safety is κ for every teacher and divergence; reverse KL loses more entropy', () => {
  const base = planePolicy([0.2, 1], [0.8, 1.5], -0.4);
  for (const calibration of [0, 0.3])
    for (const divergence of ['forward-kl', 'reverse-kl'] as const)
      for (const frozenCovariance of [false, true]) {
        const { mean } = planeStudent(base, { ...SOFT, calibration }, { divergence, frozenCovariance });
        assertClose([(mean[1] - 1) / (mean[0] - 0.2)], [(-0.4 * 1.5) / 0.8], 'referenceIdentity');
      }
  expect(planeEntropy(planeStudent(base, SOFT, REVERSE))).toBeLessThan(
    planeEntropy(planeStudent(base, SOFT, FORWARD)) - 0.2,
  );
});

test('calibration brings expressiveness back, and at 1 the base itself', () => {
  for (const training of [FORWARD, REVERSE]) {
    const shifts = [0, 0.3, 0.6, 0.9].map(
      calibration => planeStudent(BASE, { ...SOFT, calibration }, training).mean[1],
    );
    for (let i = 1; i < shifts.length; i++) expect(shifts[i]!).toBeGreaterThan(shifts[i - 1]!);
    const all = planeStudent(BASE, { ...SOFT, calibration: 1 }, training);
    assertClose([...all.mean, ...all.variance, all.covariance], [0, 0, 1, 1, -0.6], 'finiteDifference');
  }
});

test('problems without a solution are refused with the reason', () => {
  expect(() => planeStudent(BASE, HARD, REVERSE)).toThrow('infinite for every Gaussian');
  expect(() => planeStudent(BASE, { ...SOFT, boundary: 30 }, FORWARD)).toThrow('too far out');
  expect(() => planeStudent(BASE, { ...SOFT, sharpness: 1e6 }, FORWARD)).toThrow('too sharp');
  expect(() => planeStudent(BASE, { ...SOFT, calibration: 2 }, FORWARD)).toThrow('calibration');
  expect(() => planePolicy([0, 0], [1, 1], 1)).toThrow('correlation');
});
