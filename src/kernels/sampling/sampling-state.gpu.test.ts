import { expect } from 'vitest';
import { rowKernelTest } from '../elementwise/kernel-fixture.ts';
import { SamplerFixture, UNWRITTEN } from './sampler-fixture.ts';
import { sampleTokens } from './sampling.ts';

const GREEDY = { temperature: 0, topK: 0, topP: 1, seed: 1, stream: 0 };
const PLAIN = { ...GREEDY, temperature: 1 };

/** Logits whose largest of each row is the given token. */
const peaks = (vocab: number, tokens: readonly number[]): Float32Array => {
  const logits = new Float32Array(vocab * tokens.length);
  for (const [row, token] of tokens.entries()) logits[row * vocab + token] = 9;
  return logits;
};

const distinct = (tokens: Uint32Array): number[] => [...new Set(tokens)].toSorted((a, b) => a - b);

rowKernelTest('a row ends with eos, then gets pad and keeps the rest of its state', async bench => {
  const sizes = { batch: 4, vocab: 5, capacity: 4 };
  const sampler = new SamplerFixture(bench, { ...sizes, ...GREEDY, eos: [2], pad: 4 });
  sampler.end([3]);
  sampler.run([peaks(5, [1, 2, 3, 1]), peaks(5, [2, 1, 4, 1]), peaks(5, [0, 0, 0, 0])]);
  const U = UNWRITTEN;
  expect([...(await sampler.tokens())]).toEqual([1, 2, 4, U, 2, 4, 4, U, 3, 4, 0, U, 4, 4, 4, U]);
  expect([...(await sampler.current())]).toEqual([2, 2, 0, U]);
  expect([...(await sampler.position())]).toEqual([12, 12, 15, 13]);
  expect([...(await sampler.done())]).toEqual([1, 1, 0, 1]);
  const untouched = [2, 3, 5, 6, 7, 11, 12, 13, 14, 15];
  for (const values of [await sampler.logProbs(), await sampler.entropies()])
    expect([...values.keys()].filter(at => values[at] === -99)).toEqual(untouched);
});

rowKernelTest('any of several tokens ends a row', async bench => {
  const sampler = new SamplerFixture(bench, {
    batch: 6,
    vocab: 9,
    capacity: 1,
    ...GREEDY,
    eos: [3, 8, 0, 5],
    pad: 1,
  });
  sampler.run([peaks(9, [0, 3, 5, 8, 1, 7])]);
  expect([...(await sampler.done())]).toEqual([1, 1, 1, 1, 0, 0]);
});

rowKernelTest('fewer than four names of an end of turn add none', async bench => {
  const sampler = new SamplerFixture(bench, {
    batch: 3,
    vocab: 4,
    capacity: 1,
    ...GREEDY,
    eos: [2, 3],
    pad: 1,
  });
  sampler.run([peaks(4, [0, 2, 3])]);
  expect([...(await sampler.done())]).toEqual([0, 1, 1]);
});

rowKernelTest('eos may equal pad: only a drawn one ends a row', async bench => {
  const sizes = { batch: 2, vocab: 3, capacity: 2 };
  const sampler = new SamplerFixture(bench, { ...sizes, ...GREEDY, eos: [0], pad: 0 });
  sampler.run([peaks(3, [1, 0]), peaks(3, [2, 2])]);
  expect([...(await sampler.tokens())]).toEqual([1, 2, 0, 0]);
  expect([...(await sampler.done())]).toEqual([0, 1]);
});

rowKernelTest(
  'among equal logits greedy takes the lowest id, zeros of both signs being equal',
  async bench => {
    const vocab = 130;
    const rows = [
      new Float32Array(vocab).fill(-1),
      new Float32Array(vocab).fill(-3),
      new Float32Array(vocab),
    ];
    rows[0]!.fill(5, 70);
    rows[1]![100] = -0;
    rows[1]![129] = 0;
    const sampler = new SamplerFixture(bench, {
      batch: 3,
      vocab,
      capacity: 1,
      ...GREEDY,
      eos: [999],
      pad: 0,
    });
    sampler.run([rows.flatMap(row => [...row])]);
    expect([...(await sampler.tokens())]).toEqual([70, 100, 0]);
  },
);

rowKernelTest('ties at the filters stay together', async bench => {
  const [batch, capacity] = [64, 8];
  const row = [0, 2, -1, 2, 2, 1];
  const logits = Float32Array.from({ length: batch * row.length }, (_, i) => row[i % row.length]!);
  for (const options of [{ topK: 1 }, { topK: 2 }, { topP: 0.3 }, { topP: 0 }]) {
    const sizes = { batch, vocab: row.length, capacity };
    const sampler = new SamplerFixture(bench, { ...sizes, ...PLAIN, ...options, eos: [999], pad: 0 });
    sampler.run([logits], capacity);
    expect(distinct(await sampler.tokens())).toEqual([1, 3, 4]);
  }
});

rowKernelTest('excluded tokens are never drawn, and tiny temperatures become greedy', async bench => {
  const [batch, vocab, capacity] = [32, 7, 8];
  const row = [-Infinity, 3, -1e30, 3.001, -Infinity, -200, NaN];
  const logits = Float32Array.from({ length: batch * vocab }, (_, i) => row[i % vocab]!);
  const drawn = async (temperature: number, filters: { topK?: number; topP?: number }): Promise<number[]> => {
    const options = { ...PLAIN, ...filters, temperature, eos: [999], pad: 0 };
    const sampler = new SamplerFixture(bench, { batch, vocab, capacity, ...options });
    sampler.run([logits], capacity);
    return distinct(await sampler.tokens());
  };
  expect(await drawn(1, {})).toEqual([1, 3]);
  expect(await drawn(1, { topK: 4 })).toEqual([1, 3]);
  expect(await drawn(1, { topP: 0.99 })).toEqual([1, 3]);
  expect(await drawn(1e-40, {})).toEqual([3]);
});

rowKernelTest('a row of NaNs yields a legal id and harms no other row', async bench => {
  const vocab = 67;
  const logits = Float32Array.from([...new Float32Array(vocab).fill(NaN), ...peaks(vocab, [66])]);
  const options = { ...GREEDY, temperature: 0.1, topK: 5, topP: 0.9, eos: [999], pad: 0 };
  const sampler = new SamplerFixture(bench, { batch: 2, vocab, capacity: 1, ...options });
  sampler.run([logits]);
  const [broken, whole] = await sampler.tokens();
  expect(broken).toBeLessThan(vocab);
  expect(whole).toBe(66);
});

rowKernelTest('options outside their range are refused by name', async bench => {
  const [logits, words] = [bench.f32('logits', [1, 2]), bench.u32('words', [0])];
  const state = { current: words, position: words, done: words, tokens: words };
  const args = {
    ...state,
    logProbs: logits,
    entropies: logits,
    logits,
    ...PLAIN,
    batch: 1,
    vocab: 2,
    step: 0,
    capacity: 1,
    eos: [0],
    pad: 0,
  };
  const refusal = (options: object): (() => void) => {
    const encoder = bench.gpu.encoder();
    return () => sampleTokens(encoder, { ...args, ...options });
  };
  expect(refusal({ step: 1 })).toThrow(/step 1/);
  expect(refusal({ temperature: -1 })).toThrow(/temperature -1/);
  expect(refusal({ temperature: NaN })).toThrow(/temperature NaN/);
  expect(refusal({ topK: 0.5 })).toThrow(/topK 0.5/);
  expect(refusal({ topP: 1.1 })).toThrow(/topP 1.1/);
  expect(refusal({ eos: [] })).toThrow(/eos \[\] must name 1 to 4 tokens/);
  expect(refusal({ eos: [1, 2, 3, 4, 5] })).toThrow(/1 to 4 tokens/);
  expect(refusal({ batch: 2 })).toThrow(/tensor logits has 2 elements, 4/);
});
