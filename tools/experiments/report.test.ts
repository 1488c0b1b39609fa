import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunRecord } from '../../src/record/run-record.ts';
import { fixtureRows } from '../../src/record/calibration-fixture.ts';
import {
  BASE_LEVELS,
  fixtureRecord,
  REFUSING_LEVELS,
  WHOLE_LEVELS,
} from '../../src/record/record-fixture.ts';
import { Bundles } from './bundles.ts';
import { configOf, experiments, type Experiment } from './grid.ts';
import { writeReport } from './report.ts';

const GRID = experiments(file => ({ title: file, clauses: [] }));
const experiment = (id: string): Experiment => GRID.find(entry => entry.id === id)!;

let folder = '';
const before = process.cwd();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'report-'));
  process.chdir(folder);
});
afterEach(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

const run = (id: string, seed: number, to = REFUSING_LEVELS): readonly [Experiment, RunRecord] => [
  experiment(id),
  fixtureRecord({ to, config: { ...configOf(experiment(id), seed), steps: 40 } }),
];

const report = async (): Promise<string> => await readFile('docs/results.md', 'utf8');

test('the report has claims, tables and figures of the runs that are there, and the same runs give the same files', async () => {
  const found = [
    run('opsd', 1),
    run('opsd', 2),
    run('copsd', 1, WHOLE_LEVELS),
    run('copsd-no-self', 1, BASE_LEVELS),
    run('opsd-forward', 1),
  ];
  await writeReport(found, undefined);
  const text = await report();
  expect(text).toContain('from 5 runs of the embedded model (2 seeds)');
  expect(text).toMatch(/\| OPSD makes the model safe.*\| holds \|/);
  expect(text).toMatch(/\* \*\*OPSD\*\* \(2 seeds\)/);
  const sections = text.split(/^## /m);
  const section = (title: string): string => sections.find(part => part.startsWith(title)) ?? '';
  const rows = (title: string): string[] =>
    section(title)
      .split('\n')
      .flatMap(line => /^\| ([^|*]+?) \|/.exec(line)?.[1] ?? []);
  expect(rows('Methods')).toEqual(['Base', 'OPSD', 'COPSD']);
  expect(rows('Ablations')).toEqual(['Base', 'OPSD', 'COPSD', 'COPSD, no self-answers']);
  expect(rows('Reverse KL')).toEqual(['Base', 'OPSD', 'COPSD', 'OPSD, forward KL']);
  expect(section('Other constitutions') + section('What each clause')).toBe('');
  expect(section('Twelve')).toMatch(/guard/);
  expect(section('How far')).toContain('OPSD (2), COPSD (1), COPSD, no self-answers (1)');
  const figures = await readdir('docs/results');
  for (const name of ['pareto', 'dynamics', 'bars', 'radar', 'geometry']) {
    expect(figures).toContain(`${name}.svg`);
    expect(text).toContain(`(results/${name}.svg)`);
    const svg = await readFile(`docs/results/${name}.svg`, 'utf8');
    expect(svg).toMatch(/^<svg[\s\S]*<\/svg>\s*$/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  }
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  const svg = await readFile('docs/results/pareto.svg', 'utf8');
  await writeReport(found, undefined);
  expect(await report()).toBe(text);
  expect(await readFile('docs/results/pareto.svg', 'utf8')).toBe(svg);
});

test('a verdict in the report flips with the runs', async () => {
  await writeReport([run('opsd', 1, BASE_LEVELS)], undefined);
  expect(await report()).toMatch(/\| OPSD makes the model safe.*\| \*\*does not hold\*\* \|/);
});

test('a recorded run is found again by its settings and weights, whole, without its long tails', async () => {
  const bundles = new Bundles(join(folder, 'runs'));
  const [entry, plain] = run('copsd', 1, WHOLE_LEVELS);
  const calibration = {
    artefact: 'calibrated-1',
    rows: fixtureRows(130),
    dropped: [],
    steps: [],
    before: null,
    after: null,
    reused: false,
  };
  const sample = (step: number) => ({ ...plain.samples[0]!, step });
  const record = { ...plain, calibration, samples: [0, 20, 40].map(sample) };
  const { config } = record.receipt;
  expect(await bundles.find(entry, config, 'base')).toBeUndefined();
  await bundles.write(entry, record);
  const kept = await bundles.find(entry, config, 'base');
  expect(kept!.calibration).toMatchObject({ omittedRows: 10, rows: calibration.rows.slice(0, 120) });
  expect(kept!.samples.map(({ step }) => step)).toEqual([0, 40]);
  expect(kept!.evals).toEqual(record.evals);
  expect(await bundles.find(entry, config, 'other')).toBeUndefined();
  expect(await bundles.find(entry, { ...config, temperature: 0.5 }, 'base')).toBeUndefined();
  expect(await bundles.find(entry, { ...config, seed: 2 }, 'base')).toBeUndefined();

  await bundles.writeIndex([[entry, record]]);
  const index = JSON.parse(await readFile(join(folder, 'runs/index.json'), 'utf8')) as unknown;
  expect(index).toEqual({
    runs: [{ file: 'copsd-1.json', label: 'COPSD, seed 1', recipe: 'copsd', seed: 1, group: 'COPSD' }],
  });
  expect((await readdir(join(folder, 'runs'))).sort()).toEqual(['copsd-1.json', 'index.json']);
});

test('a run that broke, or stopped before its end, is run again', async () => {
  const bundles = new Bundles(folder);
  const [entry, record] = run('opsd', 1);
  const { config } = record.receipt;
  const fault = { code: 'E_GPU_LOST' as const, message: '', consequence: '', nextStep: '' };
  await bundles.write(entry, { ...record, fault });
  expect(await bundles.find(entry, config, 'base')).toBeUndefined();
  await bundles.write(entry, { ...record, evals: record.evals.slice(0, -1) });
  expect(await bundles.find(entry, config, 'base')).toBeUndefined();
  await bundles.write(entry, record);
  expect(await bundles.find(entry, config, 'base')).toBeDefined();
  // Whoever was interrupted while writing left no half of a run behind.
  await writeFile(join(folder, 'opsd-1.json.tmp'), '{');
  expect(await bundles.find(entry, config, 'base')).toBeDefined();
});
