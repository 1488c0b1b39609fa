import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../record/run-record.ts';
import { fixtureRecord, WHOLE_LEVELS } from '../../record/record-fixture.ts';
import { NOT_COMPARED, parseRun } from '../run/run-file.ts';
import { loadResultIndex } from './results.ts';
import { chosenGroups, createCompareStore, offersOf } from './compare-store.ts';
import { createRunStore } from '../run/run-store.ts';

const FOLDER = 'http://localhost/runs/';
const copsd = (seed: number): RunRecord => fixtureRecord({ recipe: 'copsd', seed, to: WHOLE_LEVELS });
const ENTRIES = [
  { file: 'copsd-1.json', label: 'COPSD, seed 1', recipe: 'copsd', seed: 1, group: 'COPSD' },
  { file: 'copsd-2.json', label: 'COPSD, seed 2', recipe: 'copsd', seed: 2, group: 'COPSD' },
  { file: 'opsd-1.json', label: 'OPSD, seed 1', recipe: 'opsd', seed: 1, group: 'OPSD' },
];
const SITE: Record<string, unknown> = {
  'index.json': { runs: ENTRIES },
  'copsd-1.json': copsd(1),
  'copsd-2.json': copsd(2),
  'opsd-1.json': fixtureRecord(),
};

/** A host of files, and the names that were asked for. */
function host(files: Record<string, unknown>): { get: typeof fetch; asked: string[] } {
  const asked: string[] = [];
  const get = (url: unknown): Promise<Response> => {
    const name = String(url).slice(FOLDER.length);
    asked.push(name);
    const found = files[name];
    return Promise.resolve(
      found === undefined ? new Response('', { status: 404 }) : new Response(JSON.stringify(found)),
    );
  };
  return { get, asked };
}

const file = (name: string, content: string): File => new File([content], name);

describe('recorded results', () => {
  it('are fetched when they are chosen, once, and open on the methods', async () => {
    const { get, asked } = host(SITE);
    const compare = createCompareStore(createRunStore(), FOLDER, get);
    await compare.open();
    expect(chosenGroups(compare.store.getState()).map(({ label, runs }) => [label, runs.length])).toEqual([
      ['COPSD', 2],
      ['OPSD', 1],
    ]);
    const [first] = compare.store.getState().chosen;
    await compare.toggle(first!);
    expect(chosenGroups(compare.store.getState()).map(({ label }) => label)).toEqual(['OPSD']);
    await compare.toggle(first!);
    await compare.open();
    expect(asked).toHaveLength(4);
    expect(compare.store.getState().faults).toEqual([]);
  });

  it('that are missing are a fault; the others stay', async () => {
    const compare = createCompareStore(
      createRunStore(),
      FOLDER,
      host({ ...SITE, 'copsd-2.json': undefined }).get,
    );
    await compare.open();
    expect(compare.store.getState().faults.map(({ code, file: name }) => [code, name])).toEqual([
      ['E_RESULTS_MISSING', 'copsd-2.json'],
    ]);
    expect(chosenGroups(compare.store.getState()).map(({ runs }) => runs.length)).toEqual([1, 1]);
  });

  it.each([
    [{ runs: [{ ...ENTRIES[0], file: '../secrets.json' }] }, 'runs.0.file'],
    [{ runs: [{ ...ENTRIES[0], seed: -1 }] }, 'runs.0.seed'],
    [{ groups: [] }, 'runs'],
  ])('refuse a damaged list, and say where', async (index, place) => {
    const found = await loadResultIndex(FOLDER, host({ 'index.json': index }).get);
    expect(found.ok ? '' : found.fault.message).toContain(`damaged at ${place}`);
  });
});

describe('run files', () => {
  it('join the comparison; the same settings with another seed join the group', async () => {
    const compare = createCompareStore(createRunStore(), FOLDER, host({ 'index.json': { runs: [] } }).get);
    await compare.open();
    await compare.openFiles([
      file('a.json', JSON.stringify(copsd(1))),
      file('b.json', JSON.stringify(copsd(2))),
      file('c.json', JSON.stringify(fixtureRecord())),
    ]);
    const state = compare.store.getState();
    expect(offersOf(state).map(({ detail }) => detail)).toEqual(['a.json, b.json', 'c.json']);
    expect(chosenGroups(state).map(({ runs }) => runs.length)).toEqual([2, 1]);
  });

  it('that are bad change nothing but leave a fault, which goes away', async () => {
    const compare = createCompareStore(createRunStore(), FOLDER, host({ 'index.json': { runs: [] } }).get);
    await compare.open();
    await compare.openFiles([file('bad.json', '{"format":'), file('good.json', JSON.stringify(copsd(1)))]);
    expect(compare.store.getState().faults.map(({ code }) => code)).toEqual(['E_RUN_FILE_JSON']);
    expect(chosenGroups(compare.store.getState())).toHaveLength(1);
    compare.dismiss();
    expect(compare.store.getState().faults).toEqual([]);
  });

  it('never make more than five groups', async () => {
    const compare = createCompareStore(createRunStore(), FOLDER, host({ 'index.json': { runs: [] } }).get);
    await compare.open();
    const steps = [10, 20, 30, 40, 50, 60];
    await compare.openFiles(
      steps.map(n => file(`${n}.json`, JSON.stringify(fixtureRecord({ config: { steps: n } })))),
    );
    expect(chosenGroups(compare.store.getState())).toHaveLength(5);
    expect(offersOf(compare.store.getState())).toHaveLength(6);
  });

  it.each([
    ['no JSON', '{"format":', 'E_RUN_FILE_JSON', undefined],
    ['something else', '{"title":"rules"}', 'E_RUN_FILE_FORMAT', undefined],
    ['null', 'null', 'E_RUN_FILE_FORMAT', undefined],
    ['an old version', JSON.stringify({ ...fixtureRecord(), version: 1 }), 'E_RUN_FILE_VERSION', undefined],
    ['no evaluations', JSON.stringify({ ...fixtureRecord(), evals: 'none' }), 'E_RUN_FILE_SHAPE', 'evals'],
    [
      'a setting out of range',
      JSON.stringify(fixtureRecord({ config: { temperature: -1 } })),
      'E_RUN_FILE_SHAPE',
      'receipt.config.temperature',
    ],
  ])('are refused with %s', (_, text, code, place) => {
    const found = parseRun(text, 'run.json', NOT_COMPARED);
    expect(found).toMatchObject({ ok: false, fault: { code, file: 'run.json' } });
    if (!found.ok) expect(found.fault.place).toBe(place);
  });

  it('are passed on whole', () => {
    const record = JSON.parse(JSON.stringify(fixtureRecord())) as RunRecord;
    expect(parseRun(JSON.stringify(record), 'run.json', NOT_COMPARED)).toEqual({ ok: true, value: record });
  });
});
