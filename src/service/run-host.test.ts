import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { OpenModel } from '../assets/open-model.ts';
import type { LabEvent } from '../protocol/lab-api.ts';
import type { RunRecord } from '../record/run-record.ts';
import type { StoredRun } from '../run/checkpoint-file.ts';
import { RunHost } from './run-host.ts';

const PATIENCE = { timeout: 4_000 };
const record = JSON.parse(await readFile('public/runs/default.json', 'utf8')) as RunRecord;
const { config } = record.receipt;
const begin = (id: string) => ({ id, label: id, config, paused: false });

/** A run with weights, of the step that it went on from. */
const stored = (step: number): StoredRun =>
  ({
    record,
    live: { changes: [], dropped: new Set() },
    checkpoint: { step, learner: { trainable: Float32Array.of(step) }, calibrated: null },
  }) as unknown as StoredRun;

/** A host whose models are never open. */
function hostOf(open: () => Promise<OpenModel> = () => new Promise(() => undefined)) {
  const events: LabEvent[] = [];
  return { host: new RunHost(open, event => events.push(event)), events };
}

it('exports the student of the run that is named, and of no other', () => {
  const { host } = hostOf();
  host.start(begin('trained'), stored(4));
  expect([...host.student('trained').values]).toEqual([4]);
  host.start(begin('cancelled'));
  host.stop('cancelled');
  expect(() => host.student('cancelled')).toThrow(/E_EXPORT_NONE/);
  expect(() => host.student('trained')).toThrow(/E_RUN_GONE/);
  expect(() => host.record('trained')).toThrow(/E_RUN_GONE/);
});

it('names the run that goes on, until it has ended', () => {
  const { host } = hostOf();
  expect(host.going).toBeUndefined();
  host.start(begin('first'));
  expect(host.going).toBe(config);
  host.stop('first');
  expect(host.going).toBeUndefined();
});

it('opens nothing for a run that was stopped before its turn came', async () => {
  const opened: string[] = [];
  let fail: (reason: Error) => void = () => undefined;
  const { host, events } = hostOf(() => {
    opened.push('model');
    return new Promise((_, reject) => (fail = reject));
  });
  host.start(begin('first'));
  await Promise.resolve();
  host.start(begin('second'));
  host.start(begin('third'));
  expect(opened).toHaveLength(1);
  fail(new Error('gone'));
  await expect.poll(() => opened, PATIENCE).toHaveLength(2);
  const last = (id: string): unknown =>
    events.findLast(event => event.type === 'status' && event.runId === id);
  expect(last('second')).toMatchObject({ status: 'stopped' });
  expect(last('third')).toMatchObject({ status: 'preparing' });
  // It was stopped, so that its model did not open is no news.
  expect(last('first')).toMatchObject({ status: 'stopped' });
  expect(events.filter(({ type }) => type === 'fault')).toEqual([]);
});
