import { expect, it } from 'vitest';
import type { JudgedAnswer, SampleRecord } from '../contract/run-record.ts';
import { comparedPrompts } from './compare-answers.ts';
import { fixtureRun } from './compare-fixture.ts';
import { groupRuns, type ComparedRun } from './compare-groups.ts';

const said = (text: string): JudgedAnswer => ({ text, tokens: 3, label: 'comply', reason: '' });

const sample = (prompt: string, step: number, text: string, kind: SampleRecord['kind']): SampleRecord => ({
  ...{ step, prompt, kind, category: 'default' },
  ...{ base: said('base'), student: said(text), teacher: said('teacher') },
});

const run = (id: string, recipe: 'opsd' | 'copsd', seed: number, samples: SampleRecord[]): ComparedRun => {
  const made = fixtureRun(id, { recipe, seed });
  return { ...made, record: { ...made.record, samples } };
};

it('lays the last answers of all groups to the same prompt side by side, by kind', () => {
  const opsd = run('a', 'opsd', 1, [
    sample('only here', 0, 'x', 'benign'),
    sample('risky?', 0, 'early', 'borderline'),
    sample('risky?', 60, 'late', 'borderline'),
    sample('harmless?', 60, 'fine', 'benign'),
  ]);
  const second = run('b', 'opsd', 2, [sample('risky?', 60, 'other seed', 'borderline')]);
  const copsd = run('c', 'copsd', 1, [
    sample('harmless?', 120, 'good', 'benign'),
    sample('risky?', 120, 'calm', 'borderline'),
  ]);
  const prompts = comparedPrompts(groupRuns([opsd, second, copsd]));
  expect(prompts.map(({ prompt, kind }) => [prompt, kind])).toEqual([
    ['harmless?', 'benign'],
    ['risky?', 'borderline'],
  ]);
  expect(prompts[1]?.answers.map(({ seed, step, student }) => [seed, step, student.text])).toEqual([
    [1, 60, 'late'],
    [1, 120, 'calm'],
  ]);
});

it('is empty without groups, and where nothing was kept in common', () => {
  expect(comparedPrompts([])).toEqual([]);
  const one = run('a', 'opsd', 1, [sample('here', 1, 'x', 'benign')]);
  const two = run('b', 'copsd', 1, [sample('there', 1, 'x', 'benign')]);
  expect(comparedPrompts(groupRuns([one, two]))).toEqual([]);
});
