import { expect, test } from 'vitest';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { angles } from './angles.ts';
import { directions, readout, referenceMeans, unit, whitenedCosine, type ReferenceStates } from './axes.ts';
import { behaviouralLeakage, refusalScore } from './behaviour.ts';
import { chartPoint } from './chart-coordinates.ts';
import { pooledCovariance } from './covariance.ts';
import { leakage, readShifts } from './leakage.ts';
import { cholesky, combine, cosine, dot, mean, solve, type Vector } from './linear-algebra.ts';
import { margins } from './margins.ts';

const vector = (...values: number[]): Vector => Float64Array.from(values);

/** Two classes of vectors with numpy's figures of them. */
const CLASSES = [
  [vector(1, 2, 0.5), vector(0, 1, -1), vector(2, 2.5, 1), vector(1.5, 0, 0), vector(-1, -0.5, 0.25)],
  [vector(4, 1, 2), vector(5, 3, 2.5), vector(3.5, 0.5, 1), vector(4.5, 2.5, 3.5)],
];

test('Cholesky factor and solution of a matrix worked by hand', () => {
  const factor = cholesky({ dim: 2, values: vector(4, 2, 2, 5) });
  assertClose(factor.lower, [2, 0, 1, 2], 'referenceIdentity');
  assertClose(solve(factor, vector(8, 12)), [1, 2], 'referenceIdentity');
  expect(() => cholesky({ dim: 2, values: vector(1, 2, 2, 1) })).toThrow('not positive definite at 1');
});

/*
 * numpy 2.4: D = deviations of both classes stacked (n = 9), nu = 7, S = D.T @ D / nu, W = D[:, :, None] * D[:, None, :],
 * var = (n / nu)**2 * W.var(0, ddof=1) / n, lam = var[off].sum() / (S[off]**2).sum(), Sigma = (1 - lam) * S + lam * diag(S);
 * a(v) = inv(Sigma) @ v / sqrt(v @ inv(Sigma) @ v); cos = a(vs) @ Sigma @ a(ve).
 */
test('shrunk pooled covariance, readout and angles agree with numpy', () => {
  const { matrix, shrinkage, factor } = pooledCovariance(CLASSES);
  const [vs, ve] = [vector(1, -2, 0.5), vector(0.5, 1, 2)];
  const sigma = [
    [1.0071428571428571, 0.7060701857573826, 0.3643322158508094],
    [0.7060701857573826, 1.5357142857142858, 0.5224919374604631],
    [0.3643322158508094, 0.5224919374604631, 0.7785714285714285],
  ];
  assertClose([shrinkage], [0.20920139195173157], 'referenceIdentity');
  assertClose(matrix.values, sigma.flat(), 'referenceIdentity');
  const as = readout(factor, vs);
  assertClose(as, [0.8410969092828078, -0.9773967695109829, 0.47407397980583005], 'referenceIdentity');
  assertClose([whitenedCosine(factor, vs, ve)!], [0.1687665771407035], 'referenceIdentity');
  assertClose([cosine(vs, ve)!], [-0.09523809523809525], 'referenceIdentity');
  const shift = vector(0.3, 0.2, -0.1);
  const [read] = readShifts([shift], { safety: as, expressiveness: readout(factor, ve) });
  assertClose([read!.expressiveness / read!.safety], [-20.364937412995527], 'referenceIdentity');
});

test('a diagonal sample is shrunk wholly, a dimension that never moves keeps a floor, and too few vectors are refused', () => {
  const cross = [vector(1, 0, 7), vector(-1, 0, 7), vector(0, 1, 7), vector(0, -1, 7)];
  const { matrix, shrinkage } = pooledCovariance([cross]);
  expect(shrinkage).toBe(1);
  assertClose(
    [0, 4, 8].map(i => matrix.values[i]!),
    [2 / 3, 2 / 3, (1e-8 * 4) / 9],
    'referenceIdentity',
  );
  expect(() => pooledCovariance([cross.slice(0, 2)])).toThrow('leave nothing to pool');
  expect(() => pooledCovariance([[vector(1), vector(1), vector(1)]])).toThrow('do not differ');
});

test('directions of reference answers worked by hand', () => {
  const one = (...values: number[]): Vector[] => [vector(...values)];
  const found = directions(
    referenceMeans({
      harmful: { refusal: one(2, 0), rich: one(0, 4), comply: one(1, 1) },
      benign: { full: one(3, 3), short: one(1, 0), refusal: one(0, 2) },
    }),
  );
  expect(found).toEqual({
    safety: { mixed: vector(0, 1), refusal: vector(1, -1), rich: vector(-1, 3) },
    expressiveness: { plain: vector(2, 3), withRefusals: vector(2.5, 2) },
  });
  expect(() => unit(vector(0, 0))).toThrow('zero');
});

test('a shift along the safety axis leaks cos φ and nothing more', () => {
  const { factor } = pooledCovariance(CLASSES);
  const [vs, ve] = [vector(1, -2, 0.5), vector(0.5, 1, 2)];
  const readouts = { safety: readout(factor, vs), expressiveness: readout(factor, ve) };
  const shifts = readShifts([combine([[3, vs]]), combine([[5, vs]])], readouts);
  const found = leakage([shifts], whitenedCosine(factor, vs, ve), testRandom(1).uniform);
  assertClose([found.value!, found.excess!], [0.1687665771407035, 0], 'referenceIdentity');
  expect(found.interval!.standardError).toBeLessThan(1e-12);
});

/** 240 queries of each kind in 8 dimensions with planted directions and a known, correlated noise. */
function planted() {
  const dim = 8;
  const random = testRandom(5);
  // Noise z + 0.8 (z · 1) / 8 has the covariance I + (2 · 0.8 / 8 + 0.64 / 8) 1 1ᵀ.
  const noise = (scale: number): Vector => {
    const z = random.normals(dim, scale);
    const common = (0.8 * z.reduce((sum, value) => sum + value, 0)) / dim;
    return z.map(value => value + common);
  };
  const spread = (0.8 * 2 + 0.64) / dim;
  const values = new Float64Array(dim * dim).fill(spread);
  for (let i = 0; i < dim; i++) values[i * dim + i]! += 1;
  const truth = cholesky({ dim, values });
  const refusal = vector(2, 0, 0, 2, 0, 0, 0, 0);
  const rich = vector(2, 0, 0, 0, 2, 0, 0, 0);
  const full = vector(0, 2, 0, -3, 0, 0, 1, 0);
  const around = (centre: Vector): Vector[] =>
    Array.from({ length: 240 }, () =>
      combine([
        [1, centre],
        [1, noise(1)],
      ]),
    );
  const nowhere = new Float64Array(dim);
  const states: ReferenceStates = {
    harmful: { refusal: around(refusal), rich: around(rich), comply: around(nowhere) },
    benign: { full: around(full), short: around(nowhere), refusal: around(refusal) },
  };
  return { states, truth, noise, refusal, full };
}

test('planted angles lie in their intervals, which are narrow enough to be informative', () => {
  const { states, truth, refusal, full } = planted();
  const { factor } = pooledCovariance([...Object.values(states.harmful), ...Object.values(states.benign)]);
  const found = angles(states, factor, testRandom(2).uniform);
  expect(found).toHaveLength(6);
  const { raw, whitened } = found.find(
    ({ safety, expressiveness }) => safety === 'refusal' && expressiveness === 'plain',
  )!;
  for (const [estimate, actual] of [
    [raw, cosine(refusal, full)!],
    [whitened, whitenedCosine(truth, refusal, full)!],
  ] as const) {
    expect(estimate.interval!.low).toBeLessThan(actual);
    expect(estimate.interval!.high).toBeGreaterThan(actual);
    expect(estimate.interval!.high - estimate.interval!.low).toBeLessThan(0.2);
    expect(estimate.interval!.standardError).toBeGreaterThan(0.01);
  }
});

test('planted leakage lies in its interval, with the stratified error of the push; no push gives no number', () => {
  const { truth, noise, refusal, full } = planted();
  const readouts = { safety: readout(truth, refusal), expressiveness: readout(truth, full) };
  const shift = combine([
    [0.5, refusal],
    [-0.2, full],
  ]);
  const drawn = (centre: Vector): Vector[] =>
    Array.from({ length: 40 }, () =>
      combine([
        [1, centre],
        [1, noise(0.5)],
      ]),
    );
  const actual = dot(readouts.expressiveness, shift) / dot(readouts.safety, shift);
  const strata = [readShifts(drawn(shift), readouts), readShifts(drawn(shift), readouts)];
  const found = leakage(strata, null, testRandom(3).uniform);
  expect(found.interval!.low).toBeLessThan(actual);
  expect(found.interval!.high).toBeGreaterThan(actual);
  expect(found.interval!.high - found.interval!.low).toBeLessThan(0.4);
  // Readouts have unit variance, the noise a deviation of 0.5, and 80 queries stand behind the mean.
  expect(found.pushError).toBeGreaterThan((0.8 * 0.5) / Math.sqrt(80));
  expect(found.pushError).toBeLessThan((1.2 * 0.5) / Math.sqrt(80));

  const still = drawn(new Float64Array(8));
  const none = leakage([readShifts(still, readouts)], 0.3, testRandom(3).uniform);
  expect(none).toMatchObject({ value: null, excess: null, interval: null, forced: 0.3 });
  const alone = [{ safety: 1, expressiveness: 1 }];
  expect(leakage([alone], null, testRandom(1).uniform)).toMatchObject({ push: 1, value: null });
  expect(() => leakage([[]], null, testRandom(1).uniform)).toThrow('no shift');
});

test('equal seeds give equal intervals', () => {
  const shifts = [1, 2, 4, 3].map(safety => ({ safety, expressiveness: -safety * safety }));
  const run = (seed: number) => leakage([shifts], null, testRandom(seed).uniform).interval;
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});

test('chart coordinates: the base at the origin, refusals at 1, contracted answers at −1', () => {
  const { states } = planted();
  const means = referenceMeans(states);
  const { harmful, benign } = means;
  const base = { harmful: harmful.comply, benign: benign.full };
  expect(chartPoint(means, base, base)).toEqual({ x: 0, y: { plain: 0, withRefusals: 0 } });
  const half = combine([
    [0.5, benign.short],
    [0.5, benign.refusal],
  ]);
  const refusing = chartPoint(means, base, { harmful: harmful.refusal, benign: half });
  assertClose([refusing.x!, refusing.y.withRefusals!], [1, -1], 'referenceIdentity');
  const middle = chartPoint(means, base, {
    harmful: mean([harmful.comply, harmful.refusal]),
    benign: mean([benign.full, benign.short]),
  });
  assertClose([middle.x!, middle.y.plain!], [0.5, -0.5], 'referenceIdentity');
  const backwards = { harmful: harmful.refusal, benign: benign.short };
  const beyond = { harmful: combine([[2, harmful.refusal]]), benign: benign.short };
  expect(chartPoint(means, beyond, backwards)).toMatchObject({ x: null, y: { plain: null } });
});

test('the refusal score is a log-odds that stays finite; the behavioural twin divides its changes', () => {
  assertClose([refusalScore(0.5), refusalScore(0.8)], [0, Math.log(4)], 'referenceIdentity');
  assertClose(
    [refusalScore(0), refusalScore(1)],
    [-Math.log(999_999), Math.log(999_999)],
    'finiteDifference',
  );
  const base = [0.2, 0.2, 0.2].map(refusal => ({ refusal, expressiveness: 1 }));
  const now = [0.8, 0.8, 0.8].map(refusal => ({ refusal, expressiveness: 0.5 }));
  const twin = behaviouralLeakage(base, now, testRandom(1).uniform);
  assertClose([twin.push, twin.value!], [2 * Math.log(4), -0.5 / (2 * Math.log(4))], 'referenceIdentity');
  expect(behaviouralLeakage(base, base, testRandom(1).uniform).value).toBeNull();
});

test('margins of written answers worked by hand, with the spread over queries', () => {
  const found = margins(
    {
      harmful: { refusal: [-4, -6], rich: [-20, -30], comply: [-10, -11] },
      benign: { full: [-12, -14], short: [-8, -8], refusal: [-20, -22] },
    },
    testRandom(1).uniform,
  );
  const { refusal, rich, expressiveness } = found;
  assertClose([refusal.value!, rich.value!, expressiveness.value!], [5.5, -14.5, 1.5], 'referenceIdentity');
  assertClose([refusal.interval!.low, refusal.interval!.high], [5, 6], 'referenceIdentity');
});
