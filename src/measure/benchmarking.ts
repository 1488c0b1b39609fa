import type { BenchmarkReport, BenchmarkResult } from '../record/benchmark-report.ts';
import type { Constitution } from '../contract/world.ts';
import { routedText } from '../data/constitution/route.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import { scoreBenchmark, type Benchmark, type BenchmarkItem } from '../world/benchmarks/benchmark.ts';
import { BENCHMARKS } from '../world/benchmarks/index.ts';
import { answerEngine, answerTexts, promptOf, type Prompt } from './answer-prompts.ts';
import type { OpenModel } from '../assets/open-model.ts';
import type { RolloutEngine } from '../learn/rollout.ts';
import { STREAM } from '../tasks/seeds.ts';

export interface BenchmarkOptions {
  readonly decoder: Decoder;
  /** Most items of each benchmark; null for all. */
  readonly limit: number | null;
  readonly seed: number;
  readonly maxNewTokens: number;
  /** Routed into every prompt whose benchmark sets no constitution itself; null for none. */
  readonly constitution: Constitution | null;
  /** Default: all twelve. */
  readonly benchmarks?: readonly Benchmark[];
}

export interface BenchmarkProgress {
  /** The current benchmark. */
  readonly name: string;
  /** Prompts answered so far and in total, the base's included. */
  readonly answered: number;
  readonly total: number;
  /** Benchmarks scored so far. */
  readonly results: readonly BenchmarkResult[];
}

/** A benchmark with its items and prompts. */
interface Exam {
  readonly benchmark: Benchmark;
  readonly items: readonly BenchmarkItem[];
  /** The prompts of the model under test, item by item. */
  readonly own: readonly Prompt[];
  /** The base's prompts, with no constitution but the benchmark's; empty where nothing is compared, or both would give the same answers. */
  readonly base: readonly Prompt[];
}

/** Random streams of one benchmark: more than it has prompts. */
const STREAM_SPAN = 0x1_0000;

/**
 * Runs a decoder over the mini-benchmarks at temperature 1 and scores it. Answers of model and base to the same prompt draw the same random
 * numbers, so the base against itself ties everywhere. Allocates in a memory scope of its own and always frees it; ending the iteration
 * early ends the run.
 * @throws LabError when a prompt is too long for the model; DeviceLostError.
 */
export async function* runBenchmarks(
  lab: OpenModel,
  options: BenchmarkOptions,
): AsyncGenerator<BenchmarkProgress, BenchmarkReport, undefined> {
  const { decoder, limit, seed, maxNewTokens, constitution, benchmarks = BENCHMARKS } = options;
  const exams = benchmarks.map(benchmark => layOut(lab, benchmark, options));
  const prompts = exams.flatMap(({ own, base }) => [...own, ...base]);
  const longest = Math.max(1, ...prompts.map(({ length }) => length));
  const results: BenchmarkResult[] = [];
  let finished = 0;
  const memory = lab.gpu.memory.scope();
  try {
    const engine = await answerEngine(lab, memory, {
      longest,
      prompts: prompts.length,
      maxNewTokens,
      lora: decoder.lora,
    });
    for (const exam of exams) {
      const { name } = exam.benchmark;
      const run = takeExam(lab, engine, exam, options);
      let next = await run.next();
      for (; !next.done; next = await run.next()) {
        const answered = finished + next.value;
        yield { name, answered, total: prompts.length, results: [...results] };
      }
      results.push(next.value);
      finished += exam.own.length + exam.base.length;
    }
  } finally {
    memory.release();
  }
  return {
    format: 'copsd-benchmarks',
    version: 1,
    model: lab.name,
    weightsSha256: lab.weightsSha256,
    seed,
    limit,
    constitution: constitution?.title ?? null,
    benchmarks: results,
  };
}

function layOut(
  lab: OpenModel,
  benchmark: Benchmark,
  { decoder, limit, constitution }: BenchmarkOptions,
): Exam {
  const items = limit === null ? benchmark.items() : benchmark.items(limit);
  const prompts = items.flatMap(item => item.prompts);
  const routed = (category: Parameters<typeof routedText>[1]): string | null =>
    constitution && routedText(constitution, category);
  const same = decoder === lab.base.decoder && constitution === null;
  return {
    benchmark,
    items,
    own: prompts.map(({ query, constitution: set }) =>
      promptOf(lab, query.text, set ?? routed(query.category)),
    ),
    base:
      benchmark.comparesWithBase && !same
        ? prompts.map(({ query, constitution: set }) => promptOf(lab, query.text, set))
        : [],
  };
}

async function* takeExam(
  lab: OpenModel,
  engine: RolloutEngine,
  { benchmark, items, own, base }: Exam,
  { decoder, seed }: BenchmarkOptions,
): AsyncGenerator<number, BenchmarkResult, undefined> {
  const { name, role, headline } = benchmark;
  // By its index among all twelve, so that a benchmark gets the same answers alone as among the others.
  const place = BENCHMARKS.findIndex(({ name: known }) => known === name);
  const stream = STREAM.benchmarks + (place + 1) * STREAM_SPAN;
  const mine = yield* answerTexts(engine, lab, own, { decoder, seed, stream });
  const run = answerTexts(engine, lab, base, { decoder: lab.base.decoder, seed, stream });
  let next = await run.next();
  for (; !next.done; next = await run.next()) yield own.length + next.value;
  const answers = byItem(items, mine);
  const compared = base.length > 0 ? byItem(items, next.value) : answers;
  return { name, role, headline, metrics: scoreBenchmark(benchmark, items, answers, compared) };
}

/** The answers of each item, in the order of its prompts. */
function byItem(items: readonly BenchmarkItem[], texts: readonly string[]): string[][] {
  let start = 0;
  return items.map(({ prompts }) => texts.slice(start, (start += prompts.length)));
}
