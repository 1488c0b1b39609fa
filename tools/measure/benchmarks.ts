import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { BenchmarkReport, MetricSummary } from '../../src/record/benchmark-report.ts';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { describeFault } from '../../src/contract/errors.ts';
import { runBenchmarks } from '../../src/measure/benchmarking.ts';
import { describeFailure } from '../../src/service/failures.ts';
import { BENCHMARKS } from '../../src/world/benchmarks/index.ts';
import { formatTable } from '../bench/table.ts';
import { measuredDecoder } from './benchmarks-model.ts';
import { countOption, namesOption, positiveOption } from './benchmarks-options.ts';
import { readConstitution } from '../lab/lab-options.ts';
import { openModelHere } from '../node/open-model.ts';
import { bar, duration, statusLine } from '../node/progress.ts';

const USAGE = `usage: npm run benchmarks -- [options]

Runs a model over the twelve mini-benchmarks at temperature 1. Win rates are against the model of the folder, without constitution.

  --model NAME               a folder under public/models, default ${DEFAULT_CONFIG.model}
  --weights FILE             other weights of that model, or an adapter on it, as safetensors; default: the folder's own
  --alpha X                  of an adapter, default twice its rank
  --limit N                  most items of each benchmark; default: all, some 5,000 answers
  --only NAMES               benchmarks to run, by name, separated by commas
  --with-constitution FILE   .md, .txt, .json or .yaml: routed into every prompt that has none of its own
  --seed N                   of the answers, default 1
  --json FILE                writes the report`;

const OPTIONS = {
  model: { type: 'string', default: DEFAULT_CONFIG.model },
  weights: { type: 'string' },
  alpha: { type: 'string' },
  limit: { type: 'string' },
  only: { type: 'string' },
  'with-constitution': { type: 'string' },
  seed: { type: 'string', default: '1' },
  json: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

export async function main(args: readonly string[]): Promise<void> {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS });
    if (values.help) {
      console.log(USAGE);
      return;
    }
    const report = await run(values);
    console.log(reportTable(report));
    if (!values.json) return;
    await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
    console.log(`\nwrote ${values.json}`);
  } catch (error) {
    console.error(describeFault(describeFailure(error)));
    process.exitCode = 1;
  }
}

type Values = Readonly<Partial<Record<Exclude<keyof typeof OPTIONS, 'help'>, string>>>;

async function run(values: Values): Promise<BenchmarkReport> {
  const { model = DEFAULT_CONFIG.model, weights } = values;
  const limit = countOption('limit', values.limit) ?? null;
  const seed = countOption('seed', values.seed) ?? 1;
  const alpha = positiveOption('alpha', values.alpha);
  const known = BENCHMARKS.map(({ name }) => name);
  const only = namesOption('only', values.only, known) ?? known;
  const path = values['with-constitution'];
  const constitution = path === undefined ? null : await readConstitution(path);
  const lab = await openModelHere(model);
  const decoder = await measuredDecoder(lab, weights, alpha);
  const began = performance.now();
  const benchmarks = runBenchmarks(lab, {
    decoder,
    constitution,
    limit,
    seed,
    maxNewTokens: DEFAULT_CONFIG.maxNewTokens,
    benchmarks: BENCHMARKS.filter(({ name }) => only.includes(name)),
  });
  let next = await benchmarks.next();
  for (; !next.done; next = await benchmarks.next()) {
    const { name, answered, total } = next.value;
    const left = ((performance.now() - began) / 1000) * (total / answered - 1);
    statusLine(`${bar(answered / total)} ${answered}/${total}  ${name}  ${duration(left)} left`);
  }
  statusLine('');
  lab.gpu.destroy();
  return next.value;
}

/** One line a benchmark with its headline, then the other metrics; every figure in percent with half its 95 % interval. */
export function reportTable({ benchmarks }: BenchmarkReport): string {
  const lines = benchmarks.map(({ name, role, headline, metrics }) => [
    ...[name, role, headline, metrics[headline] ? figure(metrics[headline]) : '–'],
    String(Math.max(0, ...Object.values(metrics).map(({ items }) => items))),
  ]);
  const table = formatTable([['benchmark', 'in the role of', 'headline', '%', 'items'], ...lines]);
  const rest = benchmarks.flatMap(({ name, headline, metrics }) => {
    const others = Object.entries(metrics).filter(([metric]) => metric !== headline);
    const figures = others.map(([metric, summary]) => `${metric} ${figure(summary)}`);
    return figures.length > 0 ? [`${name}: ${figures.join(', ')}`] : [];
  });
  return [table, '', 'the other metrics, in %:', ...rest].join('\n');
}

const figure = ({ mean, halfWidth }: MetricSummary): string => `${percent(mean)} ±${percent(halfWidth)}`;
const percent = (share: number): string => (100 * share).toFixed(1);
