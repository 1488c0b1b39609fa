import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { ClauseEffects } from '../../src/record/clause-effects.ts';
import type { RunRecord } from '../../src/record/run-record.ts';
import type { Constitution } from '../../src/contract/world.ts';
import { importConstitution } from '../../src/data/constitution/import-constitution.ts';
import { measureClauseEffects } from '../../src/measure/clause-effects.ts';
import { failureLine } from '../node/failure.ts';
import type { OpenModel } from '../../src/assets/open-model.ts';
import { Bundles } from './bundles.ts';
import { configOf, experiments, type Experiment } from './grid.ts';
import { writeReport } from './report.ts';
import { runOnce } from '../lab/lab.ts';
import { openModelHere } from '../node/open-model.ts';
import { duration } from '../node/progress.ts';

const USAGE = `usage: npm run experiments -- [--seeds 1,2,3] [--only ID,ID] [--report]

Runs the grid of tools/experiments/grid.ts with every seed, writes one recorded run each to public/runs, measures what each
clause does, and writes docs/results.md with its figures. Runs that are there already, of the same settings and weights, are
taken as they are: an interrupted grid goes on where it stopped. --only takes some experiments; --report runs nothing.`;

const MODEL = 'world-s';
const RUNS = 'public/runs';
const CLAUSES = join(RUNS, 'clause-effects.json');
const CONSTITUTIONS = 'public/constitutions';

export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string', default: '1,2,3' },
      only: { type: 'string' },
      report: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const grid = await readGrid();
  const only = values.only?.split(',');
  const chosen = grid.filter(({ id }) => !only || only.includes(id));
  const unknown = only?.filter(id => !grid.some(experiment => experiment.id === id)) ?? [];
  if (unknown.length > 0) throw new RangeError(`no experiment is called ${unknown.join(', ')}`);
  const lab = await openModelHere(MODEL);
  const bundles = new Bundles(resolve(RUNS));
  const seeds = values.seeds.split(',').map(Number);
  if (!values.report) {
    // Every experiment once before any twice: an early end still has a value for each.
    for (const seed of seeds)
      for (const experiment of chosen) await runOrFind(lab, bundles, experiment, seed);
    await clauseEffects(lab);
  }
  const found = await collect(lab, bundles, grid, seeds);
  await bundles.writeIndex(found);
  await writeReport(found, await readClauses());
  console.log(`wrote docs/results.md from ${found.length} runs`);
  await lab.externals.release();
  lab.gpu.destroy();
}

async function readGrid(): Promise<readonly Experiment[]> {
  const names = ['helpful.json', 'violence-only.json'];
  const files = await Promise.all(names.map(async name => [name, await readConstitution(name)] as const));
  const known = new Map(files);
  return experiments(file => known.get(file)!);
}

async function readConstitution(name: string): Promise<Constitution> {
  const bytes = new Uint8Array(await readFile(resolve(CONSTITUTIONS, name)));
  return importConstitution({ name, bytes }).constitution;
}

/** Runs an experiment unless its record is there. A run that fails is told, and the grid goes on. */
async function runOrFind(
  lab: OpenModel,
  bundles: Bundles,
  experiment: Experiment,
  seed: number,
): Promise<void> {
  const config = configOf(experiment, seed);
  if (await bundles.find(experiment, config, lab.weightsSha256)) return;
  console.log(`${experiment.label}, seed ${seed}`);
  const began = performance.now();
  try {
    await bundles.write(experiment, await runOnce(lab, config));
    console.log(`  ${duration((performance.now() - began) / 1000)}`);
  } catch (error) {
    if (lab.gpu.lost) throw error;
    console.error(`  ${failureLine(error)}`);
    process.exitCode = 1;
  }
}

async function collect(
  lab: OpenModel,
  bundles: Bundles,
  grid: readonly Experiment[],
  seeds: readonly number[],
): Promise<(readonly [Experiment, RunRecord])[]> {
  const found: (readonly [Experiment, RunRecord])[] = [];
  for (const experiment of grid)
    for (const seed of seeds) {
      const record = await bundles.find(experiment, configOf(experiment, seed), lab.weightsSha256);
      if (record) found.push([experiment, record]);
    }
  return found;
}

/** Measures the clauses of the constitution that has them all, unless that was done with these weights. */
async function clauseEffects(lab: OpenModel): Promise<void> {
  if ((await readClauses())?.weightsSha256 === lab.weightsSha256) return;
  console.log('What each clause does');
  const measuring = measureClauseEffects(lab, {
    decoder: lab.base.decoder,
    constitution: await readConstitution('everything.json'),
    queriesPerCell: 24,
    seed: 1,
    maxNewTokens: 72,
  });
  let next = await measuring.next();
  while (!next.done) next = await measuring.next();
  await writeFile(resolve(CLAUSES), `${JSON.stringify(next.value)}\n`);
}

async function readClauses(): Promise<ClauseEffects | undefined> {
  try {
    const found = JSON.parse(await readFile(resolve(CLAUSES), 'utf8')) as ClauseEffects;
    return found.version === 2 ? found : undefined;
  } catch {
    return undefined;
  }
}
