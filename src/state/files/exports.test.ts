import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../settings/default-config.ts';
import type { RunRecord } from '../../record/run-record.ts';
import { createConfigStore } from '../setup/config-store.ts';
import { fixtureRecord } from '../../record/record-fixture.ts';
import { createConstitutionActions } from '../constitution/constitution-store.ts';
import { fixtureInspection } from '../../record/inspection-fixture.ts';
import { createLinkActions } from '../share/link-store.ts';
import { writeLink } from '../share/link-payload.ts';
import { createOpenActions } from './open-files.ts';
import { labelOfFile } from '../run/opened-run.ts';
import { createOwnConstitutions } from '../constitution/own-constitutions.ts';
import { createPageActions } from '../page/page-store.ts';
import { receiptDocument } from './receipt-document.ts';
import { receiptMarkdown } from './receipt-markdown.ts';
import { NOT_OPENED, parseRun } from '../run/run-file.ts';
import { RunData } from '../../record/run-data.ts';
import { createRunStore, type RunEntry } from '../run/run-store.ts';

const NOW = new Date('2026-02-03T04:05:06Z');

const entry = (id: string, origin: RunEntry['origin']): RunEntry => ({
  id,
  label: id,
  origin,
  config: DEFAULT_CONFIG,
  status: 'running',
  step: 0,
  activity: '',
  fault: null,
  requested: null,
});

const jsonFile = (name: string, value: unknown): File => new File([JSON.stringify(value)], name);

function openPage() {
  const page = createPageActions();
  const runs = createRunStore();
  const config = createConfigStore(DEFAULT_CONFIG, false);
  const client = (): never => {
    throw new Error('no file asks the worker');
  };
  const imported: string[] = [];
  const constitutions = createConstitutionActions(
    config,
    async ({ name }) => {
      imported.push(name);
      return { ok: true, value: { constitution: { title: name, clauses: [] }, notes: [] } };
    },
    client,
    createOwnConstitutions(),
  );
  return { page, runs, config, imported, files: createOpenActions(runs, page, constitutions) };
}

it('takes dropped files for what they are', async () => {
  const { page, runs, imported, files } = openPage();
  await files.open([
    jsonFile('copsd-run-1-record.json', fixtureRecord()),
    jsonFile('rules.json', { clauses: ['Be kind.'] }),
    new File(['Be kind.'], 'rules.md'),
    new File(['PK'], 'broken.zip'),
    jsonFile('receipt.json', { format: 'copsd-receipt' }),
  ]);
  expect(runs.store.getState().runs.map(({ label, origin }) => [label, origin])).toEqual([
    ['run-1', 'opened'],
  ]);
  expect(runs.store.getState().shownId).toBe(runs.store.getState().runs[0]?.id);
  expect(runs.store.getState().currentId).toBeNull();
  expect(imported.toSorted()).toEqual(['rules.json', 'rules.md']);
  expect(page.store.getState().opened).toBe('constitution');
  expect(files.store.getState().faults.map(({ code, file }) => [code, file])).toEqual([
    ['E_BUNDLE_ZIP', 'broken.zip'],
    ['E_RUN_FILE_FORMAT', 'receipt.json'],
  ]);
  files.dismiss();
  expect(files.store.getState().faults).toEqual([]);
});

it('opens no run that it could not draw', async () => {
  const record = fixtureRecord();
  const spoilt: readonly Partial<RunRecord>[] = [
    { samples: [{ ...record.samples[0]!, student: { ...record.samples[0]!.student, text: 5 as never } }] },
    { steps: [{ ...record.steps[0]!, kinds: { benign: 'x' as never } }] },
    { steps: [record.steps[1]!, record.steps[0]!] },
    { evals: [record.evals[1]!, record.evals[0]!] },
    { inspections: {} as never },
    { inspections: [fixtureInspection({ topBase: [['x' as never]] })] },
    { geometry: [{ ...record.geometry[0]!, answers: {} as never }] },
    { geometryBaseline: {} as never },
    { receipt: { ...record.receipt, runtime: null as never } },
    { fault: { code: 'X' as never, message: '', consequence: '', nextStep: '' } },
  ];
  const opened = (value: unknown) => parseRun(JSON.stringify(value), 'x.json', NOT_OPENED);
  for (const change of spoilt)
    expect(opened({ ...record, ...change })).toMatchObject({
      ok: false,
      fault: { code: 'E_RUN_FILE_SHAPE', consequence: 'Nothing was opened; the page is unchanged.' },
    });
  expect(opened(record).ok).toBe(true);
  const [copsd, inspections] = [await readFile('public/runs/copsd-1.json', 'utf8'), [fixtureInspection()]];
  expect(opened({ ...(JSON.parse(copsd) as RunRecord), inspections }).ok).toBe(true);
});

it('calls a run by its file', () => {
  expect(labelOfFile('copsd-run-1-bundle.zip')).toBe('run-1');
  expect(labelOfFile('copsd-run-1-bundle (2).zip')).toBe('run-1 (2)');
  expect(labelOfFile('copsd-1.json')).toBe('1');
  expect(labelOfFile('.zip')).toBe('run');
});

it('keeps the runs that were made here, however many are opened', () => {
  const runs = createRunStore();
  runs.add(entry('made', 'live'), new RunData());
  for (let i = 0; i < 6; i += 1) runs.add(entry(`opened ${i}`, 'opened'), new RunData());
  expect(runs.store.getState().runs.map(({ id }) => id)).toEqual([
    ...['made', 'opened 2', 'opened 3', 'opened 4', 'opened 5'],
  ]);
  for (let i = 0; i < 4; i += 1) runs.add(entry(`recorded ${i}`, 'recorded'), new RunData());
  for (let i = 0; i < 5; i += 1) runs.add({ ...entry(`${i}`, 'live'), status: 'finished' }, new RunData());
  // The one that still trains stays.
  expect(runs.store.getState().runs.map(({ id }) => id)).toEqual([
    ...['made', 'recorded 0', 'recorded 1', 'recorded 2', 'recorded 3', '1', '2', '3', '4'],
  ]);
});

it('writes a receipt of figures with their intervals, and what it cannot repeat', () => {
  const record = fixtureRecord({ recipe: 'copsd', seed: 7 });
  const changed: RunRecord = {
    ...record,
    receipt: { ...record.receipt, revision: 'abc', liveChanges: [{ step: 3, learningRate: 0.25 }] },
    steps: record.steps.slice(0, 30),
  };
  const receipt = receiptDocument(changed, 'https://example.org/#share=1.x', NOW);
  expect(receipt).toMatchObject({
    format: 'copsd-receipt',
    seed: 7,
    revision: 'abc',
    measuredAtStep: 40,
    queriesPerKind: 20,
    steps: { planned: 40, done: 30 },
    repeat: {
      exceptions: ['1 change made during the run, listed here', 'the end after 30 steps of 40'],
    },
  });
  const unsafe = receipt.measures.find(({ id }) => id === 'unsafe')!;
  expect(unsafe.base?.mean).toBeCloseTo(0.85);
  expect(unsafe.student?.mean).toBe(0);
  expect(unsafe.student?.interval?.[1]).toBeCloseTo(0.161, 3);
  const text = receiptMarkdown(receipt);
  expect(text).toContain('| Unsafe, harmful (share) | 0.85 (0.6396–0.9476) | 0 (0–0.1611) |');
  expect(text).toContain('npm run lab -- --config receipt.json --json again.json');
  expect(text).toContain('<https://example.org/#share=1.x>');
  expect(text).toContain('- from step 3: learning rate 0.25');
  expect(text).toContain('| Learning rate | `optimizer.learningRate` | 0.0005 |');
});

it('writes what people wrote as text', () => {
  const clauses = [
    {
      id: 'a',
      text: '<script>x</script> [a](javascript:b) | c',
      category: null,
      style: null,
      enabled: false,
    },
  ];
  const record = fixtureRecord({ config: { constitution: { title: '# `x`\n| y', clauses } } });
  const text = receiptMarkdown(receiptDocument(record, null, NOW));
  expect(text).toContain('## Constitution: \\# \\`x\\` \\| y');
  expect(text).toContain('1. \\<script\\>x\\</script\\> \\[a\\](javascript:b) \\| c (switched off)');
  expect(text).toContain('No link can hold these settings.');
});

function openLinks(touched: boolean) {
  const page = createPageActions();
  const runs = createRunStore();
  const config = createConfigStore(DEFAULT_CONFIG, touched);
  return { page, runs, config, links: createLinkActions(page, runs, config) };
}
const { constitution, ...settings } = DEFAULT_CONFIG;
const LINK = writeLink('', {
  settings: { ...settings, steps: 7, seed: 9 },
  constitution: { ...constitution, title: 'Mine' },
  view: 'crossed',
});

it('sets the page up by a link, says what it set, and takes it back', async () => {
  const { page, runs, config, links } = openLinks(false);
  await links.read(LINK, false);
  const { taken } = links.store.getState();
  expect(taken?.differences.map(({ path }) => path)).toEqual(['constitution', 'steps', 'seed']);
  expect(config.store.getState()).toMatchObject({ touched: true, draft: { steps: 7, seed: 9 } });
  expect(page.store.getState().view).toBe('crossed');
  // The recorded run comes late: its settings are what the page has without a link.
  const record = fixtureRecord();
  runs.add(entry('recorded', 'recorded'), RunData.fromRecord(record));
  links.undo();
  expect(config.store.getState()).toMatchObject({ touched: false, draft: record.receipt.config });
  expect(links.store.getState().taken).toBeNull();
});

it('asks before it replaces what a person set, or what a run takes', async () => {
  const { config, links } = openLinks(true);
  await links.read(LINK, true);
  expect(config.store.getState().draft).toBe(DEFAULT_CONFIG);
  expect(links.store.getState().offered?.replaced).toBe(true);
  links.accept();
  expect(config.store.getState().draft.steps).toBe(7);
  links.undo();
  expect(config.store.getState()).toMatchObject({ touched: true, draft: DEFAULT_CONFIG });

  const live = openLinks(false);
  live.runs.add(entry('run', 'live'), new RunData());
  live.runs.store.setState({ currentId: 'run' });
  await live.links.read(LINK, true);
  expect(live.config.store.getState().draft.steps).toBe(DEFAULT_CONFIG.steps);
  live.links.dismiss();
  expect(live.links.store.getState().offered).toBeNull();
});

it('changes nothing by a bad link', async () => {
  const { config, links } = openLinks(false);
  await links.read('#share=1.AAAAAAAA', false);
  expect(links.store.getState().fault?.code).toBe('E_LINK_DAMAGED');
  expect(config.store.getState()).toMatchObject({ touched: false, draft: DEFAULT_CONFIG });
});
