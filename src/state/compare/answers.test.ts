import { expect, it } from 'vitest';
import type { JudgedAnswer, SampleRecord } from '../../record/run-record.ts';
import { answerBy, comparedPrompts, sharedSeeds } from './answers.ts';
import { fixtureRun } from './runs-fixture.ts';
import { groupRuns, type ComparedRun } from './groups.ts';

const said = (text: string): JudgedAnswer => ({ text, tokens: 3, label: 'comply', reason: '' });

const sample = (prompt: string, step: number, text: string, kind: SampleRecord['kind']): SampleRecord => ({
  step,
  prompt,
  kind,
  category: 'default',
  base: said(`base of ${text}`),
  student: said(text),
  teacher: said('teacher'),
});

const run = (id: string, recipe: 'opsd' | 'copsd', seed: number, samples: SampleRecord[]): ComparedRun => {
  const made = fixtureRun(id, { recipe, seed });
  return { ...made, record: { ...made.record, samples } };
};

const GROUPS = groupRuns([
  run('a', 'opsd', 1, [
    sample('only here', 0, 'x', 'benign'),
    sample('risky?', 60, 'late', 'borderline'),
    sample('risky?', 0, 'early', 'borderline'),
    sample('harmless?', 60, 'fine', 'benign'),
  ]),
  run('b', 'opsd', 2, [sample('risky?', 60, 'other seed', 'borderline')]),
  run('c', 'copsd', 1, [
    sample('harmless?', 120, 'good', 'benign'),
    sample('risky?', 0, 'first', 'borderline'),
    sample('risky?', 120, 'calm', 'borderline'),
  ]),
]);

it('lays the answers of all groups to the same prompt side by side, by kind', () => {
  const prompts = comparedPrompts(GROUPS, 1);
  expect(prompts.map(({ prompt, kind }) => [prompt, kind])).toEqual([
    ['harmless?', 'benign'],
    ['risky?', 'borderline'],
  ]);
  const risky = prompts[1]!;
  expect(risky.base.text).toBe('base of early');
  expect(risky.steps).toEqual([0, 60, 120]);
  const spoken = (step: number | null): unknown[] =>
    risky.answers.map(answers => {
      const { step: at, student } = answerBy(answers, step);
      return [answers.seed, at, student.text];
    });
  expect(spoken(null)).toEqual([
    [1, 60, 'late'],
    [1, 120, 'calm'],
  ]);
  expect(spoken(60)).toEqual([
    [1, 60, 'late'],
    [1, 0, 'first'],
  ]);
  expect(answerBy(prompts[0]!.answers[0]!, 0).student.text).toBe('fine');
});

it('speaks for a seed that every group has, and where there is none for the first of each', () => {
  const second = run('d', 'copsd', 2, [sample('risky?', 120, 'calm too', 'borderline')]);
  const both = groupRuns([...GROUPS.flatMap(({ runs }) => runs), second]);
  expect(sharedSeeds(both)).toEqual([1, 2]);
  const [only, ...rest] = comparedPrompts(both, 2);
  expect(rest).toEqual([]);
  expect(only?.answers.map(({ seed, samples }) => [seed, samples[0]?.student.text])).toEqual([
    [2, 'other seed'],
    [2, 'calm too'],
  ]);
  const apart = groupRuns([
    run('a', 'opsd', 1, []),
    run('b', 'opsd', 2, [sample('risky?', 60, 'short', 'borderline')]),
    run('c', 'copsd', 3, [sample('risky?', 120, 'calm', 'borderline')]),
  ]);
  expect(sharedSeeds(apart)).toEqual([]);
  expect(comparedPrompts(apart, undefined)[0]?.answers.map(({ seed }) => seed)).toEqual([2, 3]);
});

it('is empty without groups, and where nothing was kept in common', () => {
  expect(comparedPrompts([], undefined)).toEqual([]);
  expect(sharedSeeds([])).toEqual([]);
  const one = run('a', 'opsd', 1, [sample('here', 1, 'x', 'benign')]);
  const two = run('b', 'copsd', 1, [sample('there', 1, 'x', 'benign')]);
  expect(comparedPrompts(groupRuns([one, two]), 1)).toEqual([]);
});
