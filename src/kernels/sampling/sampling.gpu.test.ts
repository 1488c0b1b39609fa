import { expect } from 'vitest';
import { sampleUniform } from '../../reference/philox.ts';
import { keptMass, sampleToken, type SamplingOptions } from '../../reference/sampling.ts';
import { entropy, logSoftmax } from '../../reference/softmax.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { rowKernelTest } from '../elementwise/kernel-fixture.ts';
import { SamplerFixture } from './sampler-fixture.ts';

const PLAIN: SamplingOptions = { temperature: 1, topK: 0, topP: 1 };
const KEY = { seed: 0xdeadbeef, stream: 3 };
/** An id that no row draws, so that none ends. */
const NEVER = 3_000_000_000;
/** What f32 sums may err by, as a share of the mass. */
const SAFE = 1e-5;

const OPTIONS: Readonly<Record<string, SamplingOptions>> = {
  plain: PLAIN,
  hot: { temperature: 1.7, topK: 0, topP: 1 },
  cold: { temperature: 0.2, topK: 0, topP: 1 },
  greedy: { temperature: 0, topK: 0, topP: 1 },
  'top-k 1': { temperature: 1, topK: 1, topP: 1 },
  'top-k 20': { temperature: 0.8, topK: 20, topP: 1 },
  'top-p 0.9': { temperature: 1, topK: 0, topP: 0.9 },
  'top-p 0': { temperature: 1, topK: 0, topP: 0 },
  'top-k 20, top-p 0.7': { temperature: 1.3, topK: 20, topP: 0.7 },
};

/** batch, vocab */
const SHAPES = [
  [1, 1],
  [3, 2],
  [17, 331],
  [34, 783],
  [2, 6_007],
] as const;

/** Whether the kept set stays the same when sums err a little. */
function filterIsSafe(logits: ArrayLike<number>, options: SamplingOptions): boolean {
  if (options.temperature === 0 || options.topP >= 1) return true;
  const [less, more] = [-SAFE, SAFE].map(error =>
    keptMass(logits, { ...options, topP: Math.max(0, options.topP + error) }),
  );
  return less!.every((mass, v) => mass > 0 === more![v]! > 0);
}

for (const [batch, vocab] of SHAPES)
  rowKernelTest(`${batch} rows of ${vocab} logits give the reference's tokens`, async bench => {
    const steps = 3;
    const sets = [1, 3, 6].map(scale =>
      Float32Array.from(testRandom(vocab + scale).normals(batch * vocab, scale)),
    );
    let compared = 0;
    for (const [name, options] of Object.entries(OPTIONS)) {
      const sizes = { batch, vocab, capacity: steps };
      const sampler = new SamplerFixture(bench, { ...sizes, ...options, ...KEY, eos: [NEVER], pad: 0 });
      sampler.run(sets);
      const [tokens, logProbs] = [await sampler.tokens(), await sampler.logProbs()];
      const wantedLogProbs = new Float64Array(tokens.length);
      const wantedEntropies = new Float64Array(tokens.length);
      for (const [step, logits] of sets.entries())
        for (let row = 0; row < batch; row++) {
          const own = logits.subarray(row * vocab, (row + 1) * vocab);
          const at = row * steps + step;
          const wanted = sampleToken(own, sampleUniform({ ...KEY, step, row }), options);
          if (wanted.margin > SAFE && filterIsSafe(own, options)) {
            compared++;
            expect(tokens[at], `${name}, row ${row}, step ${step}`).toBe(wanted.token);
          }
          expect(tokens[at]).toBeLessThan(vocab);
          const logSoft = logSoftmax(own);
          wantedLogProbs[at] = logSoft[tokens[at]!]!;
          wantedEntropies[at] = entropy(logSoft);
        }
      assertClose(logProbs, wantedLogProbs, 'f32Loss', `${name}: log-probabilities`);
      assertClose(await sampler.entropies(), wantedEntropies, 'f32Loss', `${name}: entropies`);
    }
    expect(compared).toBeGreaterThan(0.9 * batch * steps * Object.keys(OPTIONS).length);
  });

rowKernelTest('frequencies follow the distribution that the filters leave', async bench => {
  const [batch, capacity] = [64, 20];
  const row = [1.2, -0.3, 0.4, 0.4, -2, 0.9];
  const logits = Float32Array.from({ length: batch * row.length }, (_, i) => row[i % row.length]!);
  // Points that chi-square exceeds once in a thousand: 20.5 for 5 degrees of freedom, 13.8 for 2.
  for (const [options, limit, support] of [
    [PLAIN, 20.5, [0, 1, 2, 3, 4, 5]],
    [{ temperature: 0.7, topK: 3, topP: 1 }, 16.3, [0, 2, 3, 5]],
    [{ temperature: 1, topK: 0, topP: 0.5 }, 13.8, [0, 5]],
    [{ temperature: 1, topK: 0, topP: 0.7 }, 16.3, [0, 2, 3, 5]],
  ] as const) {
    const sizes = { batch, vocab: row.length, capacity };
    const sampler = new SamplerFixture(bench, { ...sizes, ...options, ...KEY, eos: [NEVER], pad: 0 });
    sampler.run([logits], capacity);
    const counts = new Array<number>(row.length).fill(0);
    for (const token of await sampler.tokens()) counts[token]!++;
    const mass = keptMass(row, options);
    const total = mass.reduce((sum, m) => sum + m, 0);
    const draws = batch * capacity;
    const drawn = [...counts.keys()].filter(v => counts[v]! > 0);
    expect(drawn).toEqual(support);
    const chiSquare = drawn
      .map(v => ({ seen: counts[v]!, due: (draws * mass[v]!) / total }))
      .reduce((sum, { seen, due }) => sum + (seen - due) ** 2 / due, 0);
    expect(chiSquare).toBeLessThan(limit);
  }
});

rowKernelTest('seed, stream, step and row each change the draw; the same ones repeat it', async bench => {
  const sizes = { batch: 40, vocab: 97, capacity: 2 };
  const logits = new Float32Array(sizes.batch * sizes.vocab);
  const drawn = async (key: { seed: number; stream: number }): Promise<number[]> => {
    const sampler = new SamplerFixture(bench, { ...sizes, ...PLAIN, ...key, eos: [NEVER], pad: 0 });
    sampler.run([logits, logits]);
    return [...(await sampler.tokens())];
  };
  const first = await drawn(KEY);
  expect(await drawn(KEY)).toEqual(first);
  expect(await drawn({ ...KEY, seed: 1 })).not.toEqual(first);
  expect(await drawn({ ...KEY, stream: 4 })).not.toEqual(first);
  expect(first.filter((_, i) => i % 2 === 0)).not.toEqual(first.filter((_, i) => i % 2 === 1));
  expect(new Set(first).size).toBeGreaterThan(30);
});
