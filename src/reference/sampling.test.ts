import { describe, expect, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { testRandom } from '../testing/random.ts';
import { sampleUniform } from './philox.ts';
import { keptMass, sampleToken, type SamplingOptions } from './sampling.ts';
import { logSoftmax, softmax } from './softmax.ts';

const all: SamplingOptions = { temperature: 1, topK: 0, topP: 1 };
const kept = (logits: number[], options: Partial<SamplingOptions>): number[] =>
  [...keptMass(logits, { ...all, ...options }).entries()].filter(([, m]) => m > 0).map(([v]) => v);

describe('keptMass', () => {
  const logits = [0.5, 0.1, 0.05, 0.3, 0.05].map(Math.log);

  it('keeps the k likeliest, and those equal to the last of them', () => {
    expect(kept(logits, { topK: 2 })).toEqual([0, 3]);
    expect(kept(logits, { topK: 4 })).toEqual([0, 1, 2, 3, 4]);
    expect(kept(logits, { topK: 99 })).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps tokens while strictly likelier ones fall short of p', () => {
    expect(kept(logits, { topP: 0.49 })).toEqual([0]);
    expect(kept(logits, { topP: 0.51 })).toEqual([0, 3]);
    expect(kept(logits, { topP: 0.81 })).toEqual([0, 1, 3]);
    expect(kept(logits, { topP: 0.91 })).toEqual([0, 1, 2, 3, 4]);
    expect(kept(logits, { topP: 0 })).toEqual([0]);
  });

  it('renormalises after top-k before top-p', () => {
    // Among the two kept, 0.5 is 0.625 of the mass.
    expect(kept(logits, { topK: 2, topP: 0.6 })).toEqual([0]);
    expect(kept(logits, { topK: 2, topP: 0.63 })).toEqual([0, 3]);
  });

  it('applies the temperature first', () => {
    expect(kept(logits, { topP: 0.51, temperature: 0.25 })).toEqual([0]);
  });
});

describe('sampleToken', () => {
  it('walks the kept tokens in ascending id', () => {
    const logits = [0.25, 0.25, 0.5].map(Math.log);
    const draw = (u: number): number => sampleToken(logits, u, all).token;
    expect([0, 0.2499, 0.2501, 0.4999, 0.5001, 0.9999999].map(draw)).toEqual([0, 0, 1, 1, 2, 2]);
    // On an edge exactly, the interval above owns it: [below, below + mass).
    expect(sampleToken([0, 0], 0.5, all).token).toBe(1);
  });

  it('reports the log-probability before temperature and filters, and the distance to the next token', () => {
    const logits = [1, 2, 3];
    const { token, logProb, margin } = sampleToken(logits, 0.1, { temperature: 0.5, topK: 2, topP: 1 });
    expect(token).toBe(1);
    assertClose([logProb], [logSoftmax(logits)[1]!], 'referenceIdentity');
    const below = 1 / (1 + Math.exp(2));
    assertClose([margin], [Math.min(0.1, below - 0.1)], 'referenceIdentity');
  });

  it('takes the lowest id of the largest logit when greedy', () => {
    expect(sampleToken([1, 5, 5, 2], 0.9, { ...all, temperature: 0 }).token).toBe(1);
  });

  it('never draws an excluded token, whatever u', () => {
    const logits = [-Infinity, 3, -1e30, 3, -Infinity];
    expect(sampleToken(logits, 0, all).token).toBe(1);
    expect(sampleToken(logits, 1 - 2 ** -24, all).token).toBe(3);
  });

  it('draws with the frequencies of the distribution', () => {
    const logits = testRandom(9).normals(6);
    const counts = new Array<number>(6).fill(0);
    const draws = 6000;
    for (let row = 0; row < draws; row++) {
      const u = sampleUniform({ seed: 5, stream: 0, step: 0, row });
      counts[sampleToken(logits, u, all).token]!++;
    }
    const p = softmax(logits);
    const chiSquare = counts.reduce((sum, n, v) => sum + (n - draws * p[v]!) ** 2 / (draws * p[v]!), 0);
    expect(chiSquare).toBeLessThan(20.5); // 0.1 % point with 5 degrees of freedom
  });
});
