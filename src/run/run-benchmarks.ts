import type { BenchmarkReport } from '../record/benchmark-report.ts';
import type { BenchmarkComparison } from '../record/run-record.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import { runBenchmarks } from '../measure/benchmarking.ts';
import type { OpenModel } from '../assets/open-model.ts';
import type { PreparedRun } from './prepare-run.ts';

/** Base and student on the same items of the mini-benchmarks, with no constitution except the benchmarks' own. */
export async function compareOnBenchmarks(run: PreparedRun): Promise<BenchmarkComparison> {
  return { base: await baseReport(run), student: await report(run, run.learner.decoder) };
}

/** Earlier answers of bases: they depend only on the items and the seed. */
const answered = new WeakMap<OpenModel, Map<string, BenchmarkReport>>();

async function baseReport(run: PreparedRun): Promise<BenchmarkReport> {
  const { lab, config } = run;
  const known = answered.get(lab) ?? new Map<string, BenchmarkReport>();
  answered.set(lab, known);
  const key = JSON.stringify([config.seed, config.maxNewTokens, config.evaluation.benchmarkItems]);
  const base = known.get(key) ?? (await report(run, lab.base.decoder));
  known.set(key, base);
  return base;
}

async function report({ lab, config }: PreparedRun, decoder: Decoder): Promise<BenchmarkReport> {
  const { seed, maxNewTokens, evaluation } = config;
  const limit = evaluation.benchmarkItems;
  const run = runBenchmarks(lab, { decoder, limit, seed, maxNewTokens, constitution: null });
  for (;;) {
    const next = await run.next();
    if (next.done) return next.value;
  }
}
