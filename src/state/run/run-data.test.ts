import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../protocol/lab-api.ts';
import type { RunRecord } from '../../record/run-record.ts';
import { fixtureCalibration, fixtureCopsd, fixtureRows } from '../crossed/crossed-fixture.ts';
import { fixtureInspection } from '../tokens/inspect-fixture.ts';
import { RunData } from '../../record/run-data.ts';
import { loadRecordedRun } from './recorded-run.ts';
import { createReplayEngine } from './replay-engine.ts';

/** As it comes from a file. */
const inspections = [0, 10, 20].map(step => fixtureInspection({ step }));
const record = JSON.parse(JSON.stringify({ ...fixtureCopsd(), inspections })) as RunRecord;
const rows = fixtureRows(6);
const told = (data: RunData, ...events: LabEvent[]): void => {
  for (const event of events) data.apply(event);
};
const runId = 'run';

describe('RunData', () => {
  it('gives back the record that it was made from', () => {
    expect(RunData.fromRecord(record).toRecord()).toEqual(record);
  });

  it('gathers the crossed set as it is written, and takes a row that comes again once', () => {
    const data = new RunData();
    const again = { ...rows[1]!, query: 'written anew' };
    told(data, { type: 'crossed', runId, rows: rows.slice(0, 3) });
    told(data, { type: 'crossed', runId, rows: [again, ...rows.slice(3)] });
    expect(data.crossed.rows.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(data.crossed.rows[1]?.query).toBe('written anew');
    expect(data.calibration).toBeNull();
  });

  it('keeps one loss a fine-tuning step when the fine-tuning begins anew', () => {
    const data = new RunData();
    for (const step of [1, 2, 3, 2])
      told(data, { type: 'calibration-step', runId, record: { step, of: 4, loss: step / 10 } });
    expect(data.crossed.steps.map(({ step }) => step)).toEqual([1, 2]);
  });

  it('takes what the finished Cross-SFT says for its rows, dropped ones and steps', () => {
    const data = new RunData();
    const calibration = fixtureCalibration(10);
    told(data, { type: 'crossed', runId, rows }, { type: 'calibration', runId, record: calibration });
    expect(data.crossed.rows).toHaveLength(10);
    expect([...data.crossed.dropped]).toEqual([2]);
    expect(data.calibration).toBe(calibration);
  });

  it('rewinds geometry and mini-benchmarks, and leaves Cross-SFT, which came before step 1', () => {
    const data = RunData.fromRecord(record);
    data.rewind(20);
    expect(data.geometry.map(({ step }) => step)).toEqual([0, 10, 20]);
    expect(data.benchmarks).toBeNull();
    expect(data.calibration).toBe(record.calibration);
    told(data, { type: 'geometry', runId, record: record.geometry[1]! });
    expect(data.geometry.map(({ step }) => step)).toEqual([0, 10]);
  });

  it('keeps inspections in the order of their steps, those of a step that comes again once', () => {
    const data = RunData.fromRecord(record);
    data.rewind(10);
    expect(data.inspections.map(({ step }) => step)).toEqual([0, 10]);
    const again = [fixtureInspection({ step: 10 }), fixtureInspection({ step: 10, answer: 'current' })];
    told(data, { type: 'inspections', runId, records: again });
    expect(data.inspections).toEqual([record.inspections![0], ...again]);
    const { inspections: _, ...without } = record;
    expect(RunData.fromRecord(without).toRecord()).toEqual(without);
  });

  it('takes a Cross-SFT that was never finished for what it is, and keeps its rows', () => {
    const stopped: RunRecord = {
      ...record,
      calibration: { ...fixtureCalibration(6), artefact: null, before: null, after: null },
    };
    const data = RunData.fromRecord(stopped);
    expect(data.calibration).toBeNull();
    expect(data.crossed.rows).toHaveLength(6);
    expect(data.toRecord()).toEqual(stopped);
  });

  it('writes nothing where no receipt came', () => {
    expect(new RunData().toRecord()).toBeNull();
  });

  it('keeps a teacher’s figures that do not exist apart from zero', () => {
    const first = record.steps[0]!;
    const alone: RunRecord = { ...record, steps: [{ ...first, reverseKl: null, teacherEntropy: null }] };
    const data = RunData.fromRecord(alone);
    expect(data.series.column('reverseKl')[0]).toBeNaN();
    expect(data.toRecord()?.steps).toEqual(alone.steps);
  });
});

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
    ['what is no run', { format: 'other' }, 'E_RECORD_FORMAT', /no recorded run/],
    ['a run without receipt', { ...record, receipt: undefined }, 'E_RECORD_FORMAT', /lacks/],
  ])('refuses %s', async (_, body, code, message) => {
    const outcome = await loadRecordedRun('runs/a.json', answer(body));
    if (outcome.ok) throw new Error('it was taken');
    expect(outcome.fault).toMatchObject({ code, file: 'a.json' });
    expect(outcome.fault.message).toMatch(message);
  });
});
