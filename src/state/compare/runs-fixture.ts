import { fixtureRecord, type FixtureOptions } from '../../record/record-fixture.ts';
import type { ComparedRun } from './groups.ts';

/** A made-up run as comparisons take it: for tests only. */
export const fixtureRun = (
  id: string,
  options: FixtureOptions = {},
  group: string | null = null,
): ComparedRun => ({
  id,
  name: id,
  group,
  record: fixtureRecord(options),
});
