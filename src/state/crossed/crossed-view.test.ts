import { describe, expect, it } from 'vitest';
import { BASE_LEVELS, fixtureEvaluation } from '../../record/record-fixture.ts';
import { fixtureCalibration, fixtureRows } from '../../record/calibration-fixture.ts';
import { NOTHING, type CrossedSet } from '../../record/fold.ts';
import { countRows, filterRows, NO_FILTER, teacherFigures } from './crossed-view.ts';

const set: CrossedSet = { ...NOTHING.crossed, rows: fixtureRows(20), dropped: new Set([0, 1]) };
const ids = (filter: Partial<typeof NO_FILTER>): number[] =>
  filterRows(set, { ...NO_FILTER, ...filter }).map(({ id }) => id);

describe('filterRows', () => {
  it('lets everything through without a filter', () => {
    expect(ids({})).toHaveLength(20);
  });

  it('goes by kind, source, judged label and fate, all at once', () => {
    expect(ids({ kind: 'general' })).toEqual([4, 9, 14, 19]);
    expect(ids({ source: 'frontier', label: 'refuse' })).toEqual([10, 13]);
    expect(ids({ fate: 'dropped' })).toEqual([0, 1]);
    expect(ids({ kind: 'harmful', fate: 'kept' })).not.toContain(0);
  });

  it('finds every word in query or answer, in any case', () => {
    expect(ids({ text: '  NUMBER 13 ' })).toEqual([13]);
    expect(ids({ text: 'alternatives' })).toEqual([]);
    expect(ids({ text: 'friend harmful' })).toHaveLength(8);
  });
});

describe('countRows', () => {
  it('counts by kind and source, and those left out', () => {
    expect(countRows(set)).toEqual([
      { kind: 'benign', self: 4, frontier: 0, dropped: 1 },
      { kind: 'borderline', self: 4, frontier: 0, dropped: 0 },
      { kind: 'harmful', self: 0, frontier: 8, dropped: 1 },
      { kind: 'general', self: 4, frontier: 0, dropped: 0 },
      { kind: 'all', self: 12, frontier: 8, dropped: 2 },
    ]);
  });

  it('leaves kinds without rows away', () => {
    expect(countRows(NOTHING.crossed).map(({ kind }) => kind)).toEqual(['all']);
  });
});

describe('teacherFigures', () => {
  it('puts base, before and after side by side', () => {
    const [length, benign] = teacherFigures(fixtureCalibration(8), fixtureEvaluation(0, BASE_LEVELS));
    expect(length).toMatchObject({ base: 44, before: 22, after: 43 });
    expect(benign).toMatchObject({ share: true, base: 0, before: 0.4, after: 0 });
  });

  it('has no figure where nothing was measured', () => {
    const [length] = teacherFigures({ before: null, after: null }, null);
    expect(length).toMatchObject({ base: null, before: null, after: null });
  });
});
