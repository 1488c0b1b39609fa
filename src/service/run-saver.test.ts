import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import type { LabEvent } from '../protocol/lab-api.ts';
import type { RunRecord } from '../record/run-record.ts';
import { MemoryRunStorage } from './memory-run-storage-fixture.ts';
import { RunSaver, type KeepRequest } from './run-saver.ts';

const record = JSON.parse(await readFile('public/runs/default.json', 'utf8')) as RunRecord;
const request = (label: string): KeepRequest => ({
  facts: { id: 'run', label, status: 'going', config: record.receipt.config },
  record,
  live: { changes: [], dropped: new Set() },
  checkpoint: null,
});

// One of these moments lies between the last look at what waits and the end of the work.
it.each(Array.from({ length: 12 }, (_, moments) => moments))(
  'writes what is handed over %i microtasks after a write was done',
  async moments => {
    const storage = new MemoryRunStorage();
    const saver = new RunSaver(storage, () => undefined);
    saver.keep(request('first'));
    while (storage.written.length === 0) await Promise.resolve();
    for (let moment = 0; moment < moments; moment++) await Promise.resolve();
    saver.keep(request('second'));
    await new Promise(resolve => setTimeout(resolve));
    expect(storage.written.map(({ label }) => label)).toEqual(['first', 'second']);
  },
);

it('says of a write that failed for no known reason that the run goes on', async () => {
  const events: LabEvent[] = [];
  const storage = new MemoryRunStorage();
  storage.put = () => Promise.reject(new TypeError('not a function'));
  const saver = new RunSaver(storage, event => events.push(event));
  saver.keep(request('first'));
  await saver.settled();
  const [kept] = events;
  if (kept?.type !== 'kept' || !kept.fault) throw new Error('nothing was said');
  expect(kept.fault).toMatchObject({ code: 'E_UNEXPECTED', message: 'not a function' });
  expect(kept.fault.consequence).toMatch(/^The run continues/);
});
