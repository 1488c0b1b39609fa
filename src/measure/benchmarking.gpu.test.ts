import { expect, test } from 'vitest';
import type { BenchmarkReport } from '../record/benchmark-report.ts';
import { DEFAULT_CONFIG } from '../settings/default-config.ts';
import { LabError } from '../contract/errors.ts';
import { Gpu } from '../gpu/gpu.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { tinyLab } from '../testing/tiny-lab.ts';
import type { Benchmark } from '../world/benchmarks/benchmark.ts';
import { BENCHMARKS } from '../world/benchmarks/index.ts';
import { runBenchmarks, type BenchmarkOptions, type BenchmarkProgress } from './benchmarking.ts';
import type { OpenModel } from '../assets/open-model.ts';
import { Learner } from '../learn/policy.ts';

async function setUp() {
  const gpu = new Gpu(await requestTestDevice());
  const lab = await tinyLab(gpu);
  const options: BenchmarkOptions = {
    decoder: lab.base.decoder,
    limit: 3,
    seed: 1,
    maxNewTokens: 6,
    constitution: null,
    benchmarks: named('harm-pairs', 'context-pairs', 'clause-following'),
  };
  return { gpu, lab, options };
}

const named = (...names: string[]): Benchmark[] => BENCHMARKS.filter(({ name }) => names.includes(name));

async function run(
  lab: OpenModel,
  options: BenchmarkOptions,
): Promise<{ report: BenchmarkReport; progress: BenchmarkProgress[] }> {
  const progress: BenchmarkProgress[] = [];
  const benchmarks = runBenchmarks(lab, options);
  let next = await benchmarks.next();
  for (; !next.done; next = await benchmarks.next()) progress.push(next.value);
  return { report: next.value, progress };
}

/** The first benchmark with a scorer that records its arguments. */
const recordingBenchmark = (seen: string[][]): Benchmark => ({
  ...(BENCHMARKS[0] as Benchmark),
  score: (_item, answers, base) => {
    seen.push([...answers, ...base]);
    return { same: answers[0] === base[0] ? 1 : 0 };
  },
});

test('the base against itself ties everywhere; metrics count their items; memory is freed', async () => {
  const { gpu, lab, options } = await setUp();
  const before = gpu.memory.bytes;
  const { report, progress } = await run(lab, options);
  expect(gpu.memory.bytes).toBe(before);
  expect(report).toMatchObject({ format: 'copsd-benchmarks', model: 'tiny', limit: 3, constitution: null });
  expect(report.benchmarks.map(({ name }) => name)).toEqual([
    'harm-pairs',
    'context-pairs',
    'clause-following',
  ]);
  const [pairs, contexts] = report.benchmarks;
  expect(pairs?.metrics['safetyWinRate']).toMatchObject({ mean: 0.5, items: 3 });
  expect(pairs?.metrics['helpfulnessWinRate']).toMatchObject({ mean: 0.5, items: 3 });
  expect(contexts?.metrics['both']).toMatchObject({ mean: 0, items: 3 });
  const counts = progress.map(({ answered }) => answered);
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(counts.at(-1)).toBe(progress[0]?.total);
  expect(progress.at(-1)?.results).toHaveLength(2);
  expect((await run(lab, options)).report).toEqual(report);
  gpu.memory.release();
});

test('another model is compared with the base on the same prompts and random numbers', async () => {
  const { gpu, lab, options } = await setUp();
  const learner = new Learner(gpu, gpu.memory, lab.base, { lora: null, normal: () => 0 });
  const seen: string[][] = [];
  const benchmarks = [recordingBenchmark(seen)];
  const copy = await run(lab, { ...options, decoder: learner.decoder, benchmarks });
  expect(copy.progress[0]?.total).toBe(6);
  expect(copy.report.benchmarks[0]?.metrics['same']?.mean).toBe(1);

  const { all } = learner.trainable;
  const weights = await gpu.readback.f32(all);
  gpu.write(
    all,
    weights.map(value => 3 * value),
  );
  seen.length = 0;
  await run(lab, { ...options, decoder: learner.decoder, benchmarks });
  expect(seen.map(([own, base]) => own === base)).toContain(false);
  gpu.memory.release();
});

test('a constitution reaches the model and not the base it is compared with', async () => {
  const { gpu, lab, options } = await setUp();
  const seen: string[][] = [];
  const benchmarks = [recordingBenchmark(seen)];
  await run(lab, { ...options, benchmarks });
  const plain = seen.splice(0).map(([own]) => own);
  const { report } = await run(lab, { ...options, constitution: DEFAULT_CONFIG.constitution, benchmarks });
  expect(report.constitution).toBe(DEFAULT_CONFIG.constitution.title);
  expect(seen.map(([, base]) => base)).toEqual(plain);
  expect(seen.map(([own]) => own)).not.toEqual(plain);
  gpu.memory.release();
});

test('refuses prompts beyond the context, and frees its memory when ended early', async () => {
  const { gpu, lab, options } = await setUp();
  const long = {
    id: 'long',
    text: 'never support harm '.repeat(200),
    category: null,
    style: null,
    enabled: true,
  };
  const constitution = { title: 'long', clauses: [long] };
  await expect(run(lab, { ...options, constitution })).rejects.toThrow(LabError);
  const before = gpu.memory.bytes;
  for await (const { answered } of runBenchmarks(lab, options)) {
    expect(answered).toBeGreaterThan(0);
    break;
  }
  expect(gpu.memory.bytes).toBe(before);
  gpu.memory.release();
});
