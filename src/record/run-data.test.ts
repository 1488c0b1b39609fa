import { describe, expect, it } from 'vitest';
import { fixtureCalibration, fixtureCopsd, fixtureRows } from './calibration-fixture.ts';
import type { RunEvent } from './fold.ts';
import { fixtureInspection } from './inspection-fixture.ts';
import { RunData } from './run-data.ts';
import type { RunRecord } from './run-record.ts';

/** As it comes from a file. */
const inspections = [0, 10, 20].map(step => fixtureInspection({ step }));
const record = JSON.parse(JSON.stringify({ ...fixtureCopsd(), inspections })) as RunRecord;
const rows = fixtureRows(6);
const told = (data: RunData, ...events: RunEvent[]): void => {
  for (const event of events) data.apply(event);
};

describe('RunData', () => {
  it('gives back the record that it was made from', () => {
    expect(RunData.fromRecord(record).toRecord()).toEqual(record);
  });

  it('gathers the crossed set as it is written, and takes a row that comes again once', () => {
    const data = new RunData();
    const again = { ...rows[1]!, query: 'written anew' };
    told(data, { type: 'crossed', rows: rows.slice(0, 3) });
    told(data, { type: 'crossed', rows: [again, ...rows.slice(3)] });
    expect(data.crossed.rows.map(({ id }) => id)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(data.crossed.rows[1]?.query).toBe('written anew');
    expect(data.calibration).toBeNull();
  });

  it('keeps one loss a fine-tuning step when the fine-tuning begins anew', () => {
    const data = new RunData();
    for (const step of [1, 2, 3, 2])
      told(data, { type: 'calibration-step', record: { step, of: 4, loss: step / 10 } });
    expect(data.crossed.steps.map(({ step }) => step)).toEqual([1, 2]);
  });

  it('takes what the finished Cross-SFT says for its rows, dropped ones and steps', () => {
    const data = new RunData();
    const calibration = fixtureCalibration(10);
    told(data, { type: 'crossed', rows }, { type: 'calibration', record: calibration });
    expect(data.crossed.rows).toHaveLength(10);
    expect([...data.crossed.dropped]).toEqual([2]);
    expect(data.calibration).toBe(calibration);
  });

  it('rewinds geometry and mini-benchmarks, and leaves Cross-SFT, which came before step 1', () => {
    const data = RunData.fromRecord(record);
    data.apply({ type: 'rewound', step: 20 });
    expect(data.geometry.map(({ step }) => step)).toEqual([0, 10, 20]);
    expect(data.benchmarks).toBeNull();
    expect(data.calibration).toBe(record.calibration);
    told(data, { type: 'geometry', record: record.geometry[1]! });
    expect(data.geometry.map(({ step }) => step)).toEqual([0, 10]);
  });

  it('keeps inspections in the order of their steps, those of a step that comes again once', () => {
    const data = RunData.fromRecord(record);
    data.apply({ type: 'rewound', step: 10 });
    expect(data.inspections.map(({ step }) => step)).toEqual([0, 10]);
    const again = [fixtureInspection({ step: 10 }), fixtureInspection({ step: 10, answer: 'current' })];
    told(data, { type: 'inspections', records: again });
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
