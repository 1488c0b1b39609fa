import { describe, expect, it } from 'vitest';
import { fixtureCopsd } from '../../record/calibration-fixture.ts';
import { fixtureInspection } from '../../record/inspection-fixture.ts';
import { RunData } from '../../record/run-data.ts';
import type { RunRecord } from '../../record/run-record.ts';
import { loadRecordedRun } from './recorded-run.ts';
import { createReplayEngine } from './replay-engine.ts';

/** As it comes from a file. */
const inspections = [0, 10, 20].map(step => fixtureInspection({ step }));
const record = JSON.parse(JSON.stringify({ ...fixtureCopsd(), inspections })) as RunRecord;

describe('replay', () => {
  it('tells all that a run has: Cross-SFT first, then geometry along the steps and mini-benchmarks at the end', async () => {
    const data = new RunData();
    const types: string[] = [];
    const engine = createReplayEngine(record, events => {
      for (const event of events) {
        types.push(event.type);
        data.apply(event);
      }
    });
    await engine.start({ id: 'run', label: 'Replay', config: record.receipt.config, paused: true });
    expect(types.indexOf('crossed')).toBeLessThan(types.indexOf('teacher'));
    expect(data.calibration).toEqual(record.calibration);
    expect(data.benchmarks).toBeNull();
    for (const _ of record.steps) await engine.step('run');
    expect(data.toRecord()).toEqual(record);
  });
});

describe('loadRecordedRun', () => {
  const answer =
    (body: unknown): typeof fetch =>
    async () =>
      new Response(JSON.stringify(body));

  it('reads version 2', async () => {
    expect(await loadRecordedRun('runs/a.json', answer(record))).toEqual({ ok: true, value: record });
  });

  it.each([
    ['another version by its number', { ...record, version: 1 }, 'E_RECORD_VERSION', /version 1;.*version 2/],
    ['what is no run', { format: 'other' }, 'E_RECORD_FORMAT', /no run/],
    ['a run without receipt', { ...record, receipt: undefined }, 'E_RECORD_SHAPE', /damaged/],
  ])('refuses %s', async (_, body, code, message) => {
    const outcome = await loadRecordedRun('runs/a.json', answer(body));
    if (outcome.ok) throw new Error('it was taken');
    expect(outcome.fault).toMatchObject({ code, file: 'a.json' });
    expect(outcome.fault.message).toMatch(message);
  });
});
