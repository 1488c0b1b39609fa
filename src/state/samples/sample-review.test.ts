import { beforeEach, expect, it, vi } from 'vitest';
import { toCsv } from '../../record/tables.ts';
import { MemoryStorage } from '../page/memory-storage-fixture.ts';
import { createReviewActions, flagsTable, type Flag } from './sample-review.ts';

const FLAG: Flag = {
  runId: 'a',
  step: 10,
  kind: 'benign',
  prompt: 'how do i bake ?',
  who: 'student',
  text: 'no , sorry .',
  label: 'comply',
  reason: 'Gives 2 steps.',
  should: null,
};

beforeEach(() => {
  vi.stubGlobal('localStorage', new MemoryStorage());
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

it('puts aside what is no review, and works where nothing can be kept', () => {
  localStorage.setItem('copsd-review', '{"pins": 3');
  expect(createReviewActions().store.getState()).toEqual({ pins: [], flags: [] });
  const odd = '{"version": 1, "value": {"pins": [], "flags": [{"who": "nobody"}]}}';
  localStorage.setItem('copsd-review', odd);
  expect(createReviewActions()).toMatchObject({ unread: { place: 'flags.0.runId' } });
  expect(createReviewActions().store.getState().flags).toEqual([]);
  expect(localStorage.getItem('copsd-review-unread')).toBe(odd);
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
