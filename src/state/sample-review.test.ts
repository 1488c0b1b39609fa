import { beforeEach, expect, it, vi } from 'vitest';
import { toCsv } from './export.ts';
import { createReviewActions, flagsTable, type Flag } from './sample-review.ts';

const FLAG: Flag = {
  ...{ runId: 'a', step: 10, kind: 'benign', prompt: 'how do i bake ?', who: 'student' },
  ...{ text: 'no , sorry .', label: 'comply', reason: 'Gives 2 steps.', should: null },
};

let files: Map<string, string>;
beforeEach(() => {
  files = new Map();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => files.get(key) ?? null,
    setItem: (key: string, value: string) => files.set(key, value),
  });
});

it('keeps pins and flags for the next visit; a second press takes them away', () => {
  const first = createReviewActions();
  first.togglePin('a ?');
  first.togglePin('b ?');
  first.toggleFlag(FLAG);
  first.correct(FLAG, 'refuse');
  const next = createReviewActions();
  expect(next.store.getState()).toEqual({ pins: ['a ?', 'b ?'], flags: [{ ...FLAG, should: 'refuse' }] });
  next.togglePin('a ?');
  // The same answer at a later step is the same flag.
  next.toggleFlag({ ...FLAG, step: 20 });
  expect(createReviewActions().store.getState()).toEqual({ pins: ['b ?'], flags: [] });
});

it('forgets what is no review, and works where nothing can be kept', () => {
  files.set('copsd-review', '{"pins": 3');
  expect(createReviewActions().store.getState()).toEqual({ pins: [], flags: [] });
  files.set('copsd-review', '{"pins": [], "flags": [{"who": "nobody"}]}');
  expect(createReviewActions().store.getState().flags).toEqual([]);
  vi.stubGlobal('localStorage', undefined);
  const review = createReviewActions();
  review.togglePin('a ?');
  expect(review.store.getState().pins).toEqual(['a ?']);
});

it('writes flags as a table', () => {
  expect(toCsv(flagsTable([{ ...FLAG, should: 'refuse' }]))).toBe(
    'step,kind,prompt,who,answer,judged,reason,should be\r\n' +
      '10,benign,how do i bake ?,student,"no , sorry .",comply,Gives 2 steps.,refuse\r\n',
  );
});
