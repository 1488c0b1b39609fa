import type { BenchmarkReport, MetricSummary } from '../../src/record/benchmark-report.ts';
import { runBenchmarks } from '../../src/measure/benchmarking.ts';
import { DEFAULT_CONFIG } from '../../src/settings/default-config.ts';
import { BENCHMARKS } from '../../src/world/benchmarks/index.ts';
import { formatTable } from '../bench/table.ts';
import { readConstitution } from '../lab/lab-options.ts';
import {
  countOption,
  namesOption,
  openMeasured,
  runMeasureTool,
  withProgress,
  type Values,
} from './measure-tool.ts';

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

const OPTIONS = ['model', 'weights', 'alpha', 'limit', 'only', 'with-constitution', 'seed'] as const;

export const main = (args: readonly string[]): Promise<void> =>
  runMeasureTool({ usage: USAGE, options: OPTIONS, measure }, args);

async function measure(
  values: Values<(typeof OPTIONS)[number]>,
): Promise<{ record: BenchmarkReport; text: string }> {
  const limit = countOption('limit', values.limit) ?? null;
  const seed = countOption('seed', values.seed) ?? 1;
  const known = BENCHMARKS.map(({ name }) => name);
  const only = namesOption('only', values.only, known) ?? known;
  const path = values['with-constitution'];
  const constitution = path === undefined ? null : await readConstitution(path);
  const { lab, decoder } = await openMeasured(values);
  const record = await withProgress(
    runBenchmarks(lab, {
      decoder,
      constitution,
      limit,
      seed,
      maxNewTokens: DEFAULT_CONFIG.maxNewTokens,
      benchmarks: BENCHMARKS.filter(({ name }) => only.includes(name)),
    }),
  );
  lab.gpu.destroy();
  return { record, text: reportTable(record) };
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
