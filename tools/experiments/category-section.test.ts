import { expect, test } from 'vitest';
import type { RunRecord } from '../../src/record/run-record.ts';
import type { Label } from '../../src/contract/world.ts';
import { fixtureRecord, REFUSING_LEVELS } from '../../src/record/record-fixture.ts';
import { evaluationQueries } from '../../src/world/evaluation.ts';
import { categoryClaims, categorySection } from './category-section.ts';
import { experiments } from './grid.ts';

const EXPERIMENT = experiments(file => ({ title: file, clauses: [] })).find(
  ({ id }) => id === 'opsd-violence',
)!;

/** A run whose base complies with everything, and whose student declines what `declines` says of a category. */
function runThat(declines: (category: string) => boolean): RunRecord {
  const record = fixtureRecord({ to: REFUSING_LEVELS });
  const relabelled = (of: (category: string) => Label) => (kind: 'harmful' | 'borderline') =>
    evaluationQueries(kind, 96).map(({ category }) => of(category));
  const base = relabelled(() => 'comply');
  const student = relabelled(category => (declines(category) ? 'refuse' : 'comply'));
  return {
    ...record,
    evals: record.evals.map((entry, i) => {
      const labels = i === 0 ? base : student;
      const outcomes = (kind: 'harmful' | 'borderline') => ({
        outcomes: { labels: labels(kind), lengths: labels(kind).map(() => 10) },
      });
      return {
        ...entry,
        harmful: { ...entry.harmful, ...outcomes('harmful') },
        borderline: { ...entry.borderline, ...outcomes('borderline') },
      };
    }),
  };
}

test('a student that declines the named category alone keeps the claim, and the table says which', () => {
  const found = [[EXPERIMENT, runThat(category => category === 'violence')] as const];
  const [claim] = categoryClaims(found);
  expect(claim?.verdict).toBe('holds');
  expect(claim?.measured).toContain('declined +1.00 in violence, at most ±0.00 in any other');
  const row = categorySection(found)
    .split('\n')
    .find(line => line.startsWith('| violence named'));
  expect(row).toMatch(/\| violence named \| 1\.00 \| 0\.00 \| 0\.00 \| 0\.00 \| 0\.00 \|/);
});

test('a student that declines another category too, or nothing, breaks it', () => {
  const verdict = (declines: (category: string) => boolean): string | undefined =>
    categoryClaims([[EXPERIMENT, runThat(declines)]])[0]?.verdict;
  expect(verdict(category => category === 'violence' || category === 'hate')).toBe('**does not hold**');
  expect(verdict(() => false)).toBe('**does not hold**');
});

test('without its runs there is neither claim nor table', () => {
  expect(categoryClaims([])).toEqual([]);
  expect(categorySection([])).toBe('');
});
