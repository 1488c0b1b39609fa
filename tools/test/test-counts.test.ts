import { expect, test } from 'vitest';
import { addCounts, playwrightCounts, vitestCounts } from './test-counts.ts';

test('reports of both runners are counted, and a flaky test has failed', () => {
  const vitest = vitestCounts(
    JSON.stringify({
      numPassedTests: 5,
      numFailedTests: 1,
      numPendingTests: 2,
      numTodoTests: 1,
      testResults: [],
    }),
  );
  const playwright = playwrightCounts(
    JSON.stringify({ stats: { expected: 7, unexpected: 1, flaky: 2, skipped: 4, duration: 1 } }),
  );
  expect(vitest).toEqual({ passed: 5, failed: 1, skipped: 3 });
  expect(playwright).toEqual({ passed: 7, failed: 3, skipped: 4 });
  expect(addCounts(vitest, playwright)).toEqual({ passed: 12, failed: 4, skipped: 7 });
});

test('what is no report is refused, rather than counted as nothing', () => {
  for (const text of ['', '{}', '{"stats":{}}', '{"numPassedTests":"5"}']) {
    expect(() => vitestCounts(text)).toThrow();
    expect(() => playwrightCounts(text)).toThrow();
  }
});
