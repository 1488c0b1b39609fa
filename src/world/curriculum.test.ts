import { describe, expect, it } from 'vitest';
import { CURRICULUM_PHASES, curriculumExample, CurriculumStream } from './curriculum.ts';
import { Rng } from './rng.ts';
import { exampleTokens, tokenWeight, type PromptEncoder, type TrainingExample } from './training-example.ts';

/** One id a word: enough to check the examples. */
const words: string[] = [];
const ids = new Map<string, number>();
const encode = (text: string): number[] =>
  text.split(' ').map(word => {
    const id = ids.get(word) ?? ids.set(word, words.push(word) - 1).get(word);
    return id as number;
  });
const read = (tokens: readonly number[]): string => tokens.map(id => words[id]).join(' ');
const encoder: PromptEncoder = {
  prompt: (query, constitution) =>
    encode(`<bos> ${constitution === null ? '' : `<sys> ${constitution} `}<user> ${query} <asst>`),
  answer: text => encode(`${text} <eos>`),
};
const options = { encoder, poolSize: 300, tokensPerBatch: 1024 };
const draw = (phase: (typeof CURRICULUM_PHASES)[number], n: number, seed = 5): TrainingExample[] => {
  const rng = new Rng(seed);
  return Array.from({ length: n }, () => curriculumExample(rng, phase, encoder));
};

describe('curriculum', () => {
  it.each(CURRICULUM_PHASES)('streams %s in batches within the budget, resumable anywhere', phase => {
    const stream = CurriculumStream.start(phase, 11, options);
    const all = Array.from({ length: 45 }, () => stream.next());
    for (const batch of all) {
      expect(batch.tokens).toBeLessThanOrEqual(1024);
      expect(batch.tokens).toBeGreaterThan(512);
      expect(batch.examples.reduce((sum, example) => sum + exampleTokens(example), 0)).toBe(batch.tokens);
      const lengths = batch.examples.map(exampleTokens);
      expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    }
    for (const cut of [0, 1, 17, 30, 44]) {
      const first = CurriculumStream.start(phase, 11, options);
      for (let i = 0; i < cut; i++) first.next();
      const state = JSON.parse(JSON.stringify(first.state)) as typeof first.state;
      const second = new CurriculumStream(state, options);
      expect(second.next()).toEqual(all[cut]);
    }
    expect(CurriculumStream.start(phase, 12, options).next()).not.toEqual(all[0]);
  });

  it('ends mixture answers with the end of turn and weighs prompt, decision and rest', () => {
    for (const example of draw('mixture', 200)) {
      expect(read(example.answer.slice(-1))).toBe('<eos>');
      const n = example.prompt.length;
      const weights = Array.from({ length: exampleTokens(example) }, (_, t) => tokenWeight(example, t));
      expect(weights[0]).toBe(0);
      expect(weights.slice(1, n).every(weight => weight === 0.03)).toBe(true);
      expect(weights[n]).toBe(3);
      expect(weights.slice(n + 1).every(weight => weight === 1)).toBe(true);
    }
  });

  it('gates on whether the constitution covers the request, with one answer token', () => {
    const examples = draw('gate', 1500);
    let refusals = 0;
    for (const example of examples) {
      expect(example.answer).toHaveLength(1);
      expect(example).toMatchObject({ promptWeight: 0.02, firstWeight: 1 });
      expect(read(example.prompt)).toContain('<sys>');
      if (['sorry', 'i'].includes(read(example.answer))) refusals++;
    }
    expect(refusals / examples.length).toBeGreaterThan(0.45);
    expect(refusals / examples.length).toBeLessThan(0.65);
  });

  it('cuts two in five of the constitution examples of the last phase to three tokens', () => {
    const examples = draw('mixture+cut', 4000);
    const cut = examples.filter(example => example.answer.length === 3);
    expect(Math.abs(cut.length / 4000 - 0.7 * 0.4)).toBeLessThan(0.03);
    expect(cut.every(example => read(example.prompt).includes('<sys>'))).toBe(true);
  });

  it('refuses a budget too small for two of the longest examples', () => {
    expect(() => CurriculumStream.start('mixture', 1, { ...options, tokensPerBatch: 128 }).next()).toThrow(
      /tokensPerBatch/,
    );
  });
});
