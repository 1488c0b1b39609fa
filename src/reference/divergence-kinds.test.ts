import { describe, expect, it } from 'vitest';
import type { Divergence } from '../settings/objectives.ts';
import { assertClose } from '../testing/compare.ts';
import { everyDivergence } from '../testing/divergences.ts';
import { testRandom } from '../testing/random.ts';
import { rowDivergence } from './divergence-kinds.ts';
import { logSoftmax } from './softmax.ts';

const log = (...probabilities: number[]): Float64Array => Float64Array.from(probabilities, Math.log);
const { log: ln, sqrt } = Math;

/** p = (1/2, 1/2) against q = (1/4, 3/4), by hand. The gradient of the second logit is minus that of the first. */
const byHand: [Divergence, loss: number, gradient: number][] = [
  [{ kind: 'reverse-kl' }, ln(4 / 3) / 2, ln(3) / 4],
  [{ kind: 'forward-kl' }, (3 / 4) * ln(3) - ln(2), 1 / 4],
  // m = (3/8, 5/8): ratios q/m = 2/3 and 6/5, p/m = 4/3 and 4/5.
  [{ kind: 'jsd', beta: 0.5 }, ln(2 / 3) / 8 + (3 / 8) * ln(6 / 5) + ln(16 / 15) / 4, ln(5 / 3) / 8],
  [{ kind: 'skew-forward', lambda: 0.5 }, ln(2 / 3) / 4 + (3 / 4) * ln(6 / 5), (6 / 5 - 2 / 3) / 8],
  // p/m − … : ln(p/m) − λ p/m is ln(4/3) − 2/3 and ln(4/5) − 2/5.
  [{ kind: 'skew-reverse', lambda: 0.5 }, ln(16 / 15) / 2, (ln(5 / 3) - 4 / 15) / 4],
  // Σ √(p q) = (√(1/2) + √(3/2)) / 2; the gradient is 2 (Σ √(p q) / 2 − √(p q) of the first).
  [{ kind: 'alpha', alpha: 0.5 }, 4 - sqrt(2) - sqrt(6), (sqrt(6) - sqrt(2)) / 4],
  // α = 1/4: Σ = (1/2)^(3/4) ((1/4)^(1/4) + (3/4)^(1/4)).
  [
    { kind: 'alpha', alpha: 0.25 },
    (1 - 0.5 ** 0.75 * (0.25 ** 0.25 + 0.75 ** 0.25)) / (3 / 16),
    2 * 0.5 ** 0.75 * (0.75 ** 0.25 - 0.25 ** 0.25),
  ],
];

describe.each(byHand)('%o', (member, loss, gradient) => {
  it('has the value and the gradient worked by hand', () => {
    const row = rowDivergence(log(0.5, 0.5), log(0.25, 0.75), member);
    assertClose([row.loss], [loss], 'referenceIdentity');
    assertClose(row.gradient, [gradient, -gradient], 'referenceIdentity');
  });
});

describe('divergences of random distributions', () => {
  const random = testRandom(5);
  const p = logSoftmax(random.normals(9, 2));
  const q = logSoftmax(random.normals(9, 2));
  const of = (member: Divergence) => rowDivergence(p, q, member);
  const expectSame = (a: Divergence, b: Divergence): void => {
    assertClose([of(a).loss, ...of(a).gradient], [of(b).loss, ...of(b).gradient], 'exact');
  };

  it('the skewed KLs at 0 and alpha at its ends are the plain KLs', () => {
    expectSame({ kind: 'skew-forward', lambda: 0 }, { kind: 'forward-kl' });
    expectSame({ kind: 'skew-reverse', lambda: 0 }, { kind: 'reverse-kl' });
    expectSame({ kind: 'alpha', alpha: 0 }, { kind: 'reverse-kl' });
    expectSame({ kind: 'alpha', alpha: 1 }, { kind: 'forward-kl' });
  });

  it.each([
    ['skew-forward', 0, 'forward-kl'],
    ['skew-reverse', 0, 'reverse-kl'],
    ['alpha', 0, 'reverse-kl'],
    ['alpha', 1, 'forward-kl'],
  ] as const)('%s with its number near %d nears %s in proportion', (kind, end, limit) => {
    const sign = end === 0 ? 1 : -1;
    const gap = (distance: number): number[] => {
      const near = of(everyDivergence(end + sign * distance).find(divergence => divergence.kind === kind)!);
      const far = of({ kind: limit });
      return [near.loss - far.loss, ...near.gradient.map((g, v) => g - far.gradient[v]!)];
    };
    const largest = (gaps: number[]): number => Math.max(...gaps.map(Math.abs));
    expect(largest(gap(1e-5))).toBeLessThan(1e-3);
    expect(largest(gap(1e-5)) / largest(gap(1e-6))).toBeCloseTo(10, 1);
  });

  it('a JSD is the mean of the skewed KLs to one mixture', () => {
    const beta = 0.3;
    const jsd = of({ kind: 'jsd', beta });
    const forward = of({ kind: 'skew-forward', lambda: beta });
    const reverse = of({ kind: 'skew-reverse', lambda: 1 - beta });
    assertClose([jsd.loss], [beta * forward.loss + (1 - beta) * reverse.loss], 'referenceIdentity');
    assertClose(
      jsd.gradient,
      forward.gradient.map((g, v) => beta * g + (1 - beta) * reverse.gradient[v]!),
      'referenceIdentity',
    );
  });

  it('alpha exchanges p and q with 1 − alpha', () => {
    const swapped = rowDivergence(q, p, { kind: 'alpha', alpha: 0.8 });
    assertClose([of({ kind: 'alpha', alpha: 0.2 }).loss], [swapped.loss], 'referenceIdentity');
  });

  it('skewed and alpha divergences stay finite where one side excludes a token', () => {
    const certain = Float64Array.of(0, -Infinity);
    const even = log(0.5, 0.5);
    // KL((1, 0) ‖ λ (1, 0) + (1 − λ) (1/2, 1/2)), and the most that any pair can have: ln 1/λ.
    const forward = rowDivergence(even, certain, { kind: 'skew-forward', lambda: 0.1 });
    assertClose([forward.loss], [-ln(0.1 + 0.9 / 2)], 'referenceIdentity');
    const reverse = rowDivergence(certain, Float64Array.of(-Infinity, 0), {
      kind: 'skew-reverse',
      lambda: 0.1,
    });
    assertClose([reverse.loss], [ln(10)], 'referenceIdentity');
    const apart = rowDivergence(certain, Float64Array.of(-Infinity, 0), { kind: 'alpha', alpha: 0.2 });
    assertClose([apart.loss], [1 / 0.16], 'referenceIdentity');
    for (const row of [forward, reverse, apart]) expect(row.gradient.every(Number.isFinite)).toBe(true);
  });
});
