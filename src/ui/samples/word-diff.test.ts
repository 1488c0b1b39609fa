import { expect, it } from 'vitest';
import { diffRuns } from './word-diff.ts';

it('marks what the other text lacks, in segments', () => {
  expect(diffRuns('sure ! pull the weeds now', 'sure ! cut the weeds')).toEqual([
    { text: 'sure !', shared: true },
    { text: 'pull', shared: false },
    { text: 'the weeds', shared: true },
    { text: 'now', shared: false },
  ]);
});

it('handles equal and empty texts', () => {
  expect(diffRuns('a b', 'a b')).toEqual([{ text: 'a b', shared: true }]);
  expect(diffRuns('a b', '')).toEqual([{ text: 'a b', shared: false }]);
  expect(diffRuns('', 'a')).toEqual([]);
});

it('finds the longest common subsequence', () => {
  const shared = diffRuns('c a b', 'a b c').filter(run => run.shared);
  expect(shared).toEqual([{ text: 'a b', shared: true }]);
});
