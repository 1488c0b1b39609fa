import { expect, it } from 'vitest';
import type { SampleRecord } from '../../record/run-record.ts';
import { pickSamples } from './pick-sample.ts';

const answer = { text: 'sure .', tokens: 3, label: 'comply', reason: '' } as const;
const sample = (prompt: string, step: number, kind: SampleRecord['kind'] = 'benign'): SampleRecord => ({
  step,
  prompt,
  kind,
  category: 'default',
  base: answer,
  student: answer,
  teacher: answer,
});
const SAMPLES = [
  ...['a', 'b', 'c'].flatMap(prompt => [sample(prompt, 10), sample(prompt, 0)]),
  sample('d', 0, 'harmful'),
];

it('lists the prompts of a kind in order, pinned ones first', () => {
  expect(pickSamples(SAMPLES, 'benign', [], null).prompts).toEqual(['a', 'b', 'c']);
  expect(pickSamples(SAMPLES, 'benign', ['c', 'd'], null).prompts).toEqual(['c', 'a', 'b']);
  expect(pickSamples(SAMPLES, 'pinned', ['c', 'd'], null).prompts).toEqual(['c', 'd']);
});

it('keeps the chosen prompt as pins and runs change, and takes the first when it is gone', () => {
  expect(pickSamples(SAMPLES, 'benign', ['c'], 'b')).toMatchObject({ place: 2 });
  expect(pickSamples(SAMPLES, 'benign', [], 'b').chosen.map(({ step }) => step)).toEqual([0, 10]);
  expect(pickSamples(SAMPLES, 'benign', [], 'gone')).toMatchObject({ place: 0 });
  expect(pickSamples([], 'pinned', [], null)).toEqual({ prompts: [], place: 0, chosen: [] });
});
