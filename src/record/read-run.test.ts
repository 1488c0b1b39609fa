import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fixtureInspection } from './inspection-fixture.ts';
import { checkRun, checkRunText } from './read-run.ts';
import { fixtureRecord } from './record-fixture.ts';
import type { RunRecord } from './run-record.ts';

const RUNS = 'public/runs';
const textOf = (name: string): string => readFileSync(`${RUNS}/${name}`, 'utf8').trim();

function taken(value: unknown): RunRecord {
  const checked = checkRun(value);
  if ('record' in checked) return checked.record;
  throw new Error(JSON.stringify(checked.problem));
}
const placeOf = (value: unknown): string | undefined => {
  const checked = checkRun(value);
  return 'problem' in checked ? checked.problem.place : undefined;
};

/** What was read, but for fields that the file is too old for. */
function within(read: unknown, file: unknown): unknown {
  if (Array.isArray(read)) return read.map((entry, i) => within(entry, (file as unknown[])[i]));
  if (typeof read !== 'object' || read === null) return read;
  const named = file as Record<string, unknown>;
  const entries = Object.entries(read).filter(([name]) => name in named);
  return Object.fromEntries(entries.map(([name, value]) => [name, within(value, named[name])]));
}

describe('the check of a run', () => {
  const names = readdirSync(RUNS).filter(name => !/^(?:index|clause-effects)\.json$/.test(name));

  it('is tried with many', () => expect(names.length).toBeGreaterThan(40));

  it.each(names)('takes %s, and changes no byte of it but for what is newer than the file', name => {
    const text = textOf(name);
    const checked = checkRunText(text);
    if (!('record' in checked)) throw new Error(checked.problem.message);
    const before = JSON.parse(text) as RunRecord;
    const { config } = before.receipt;
    const again = within(checked.record, before) as RunRecord;
    // Settings, and the figures of a supervised step, stood in another order.
    expect(again.receipt.config).toEqual(config);
    const written = { ...again, receipt: { ...again.receipt, config } };
    if (config.objective.kind === 'supervised') expect(written).toEqual(before);
    else expect(JSON.stringify(written) === text).toBe(true);
  });

  it('fills in settings that a file is too old for, so that equal runs are equal', () => {
    const { config } = taken(JSON.parse(textOf('opsd-1.json'))).receipt;
    expect(config).toMatchObject({ adapter: null, chat: null, evaluation: { inspect: 0 } });
  });

  it('knows no figures of a kind without queries, where a file has zeros', () => {
    const record = fixtureRecord();
    const evals = record.evals.map(evaluation => ({
      ...evaluation,
      harmful: {
        length: 0,
        entropy: 0,
        diversity: null,
        refusalOpening: 0,
        outcomes: { labels: [], lengths: [] },
        refusal: 0,
        unsafe: 0,
        rich: 0,
      },
    }));
    const { harmful, benign } = taken({ ...record, evals }).evals.at(-1)!;
    expect(harmful).toEqual({
      length: null,
      entropy: null,
      diversity: null,
      refusalOpening: null,
      outcomes: { labels: [], lengths: [] },
      refusal: null,
      unsafe: null,
      rich: null,
    });
    expect(benign).toEqual(record.evals.at(-1)!.benign);
  });

  it('has NaN, not zero, for what JSON could not hold', () => {
    const whole = fixtureInspection({ base: [-Infinity, -1, -2] });
    const file: unknown = JSON.parse(JSON.stringify({ ...fixtureRecord(), inspections: [whole] }));
    expect(taken(file).inspections?.[0]?.base).toEqual([NaN, -1, -2]);
  });

  it('has no figure where a step lacks it, and leaves out what it does not know', () => {
    const [first, ...steps] = fixtureRecord().steps;
    const { loss: _, ...older } = first!;
    const record = taken({ ...fixtureRecord(), steps: [{ ...older, stranger: 1 }, ...steps], stranger: 1 });
    expect(record.steps[0]).toEqual({ ...first, loss: null });
    expect(Object.keys(record)).not.toContain('stranger');
  });

  const record = fixtureRecord();
  const [evaluation] = record.evals;
  it.each<readonly [string, string, Partial<Record<keyof RunRecord, unknown>>]>([
    ['steps out of order', 'steps', { steps: record.steps.toReversed() }],
    ['two evaluations of a step', 'evals', { evals: [evaluation, evaluation] }],
    ['places out of order', 'geometry', { geometry: record.geometry.toReversed() }],
    [
      'a label without a length',
      'evals.0.benign.outcomes',
      {
        evals: [
          { ...evaluation, benign: { ...evaluation!.benign, outcomes: { labels: ['rich'], lengths: [] } } },
        ],
      },
    ],
    [
      'lists that are shorter than the answer',
      'inspections.0',
      { inspections: [fixtureInspection({ base: [] })] },
    ],
    [
      'words for numbers',
      'inspections.0.teacher',
      { inspections: [fixtureInspection({ teacher: ['x' as never] })] },
    ],
    ['no benchmarks at all', 'benchmarks', { benchmarks: undefined }],
  ])('refuses %s, and says where', (_, place, change) => {
    expect(placeOf({ ...record, ...change })).toBe(place);
  });
});
