import { expect, test } from 'vitest';
import { rowOf } from '../../reference/cross-entropy.ts';
import { divergence } from '../../reference/divergence.ts';
import { linear } from '../../reference/linear.ts';
import { extremeEntries, likeliestTokens, type RowEntries as Expected } from '../../reference/row-entries.ts';
import type { Divergence } from '../../settings/objectives.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { rowKernelTest, type KernelBench } from '../elementwise/kernel-fixture.ts';
import { shardRows, wholeTable, type TokenTable } from '../embedding/token-table.ts';
import type { RowEntries } from '../row-entries/row-entries.ts';
import { divergenceHead, type DivergenceHeadArgs } from './divergence-head.ts';
import { METRIC_COLUMNS } from './divergence-rows.ts';
import { headEntries, type HeadReadout } from './head-readout.ts';

const K = 4;

interface Given {
  readonly tokens: number;
  readonly vocab: number;
  readonly dim: number;
  /** Rows of a chunk. */
  readonly rows: number;
  readonly objective: Divergence;
  readonly temperature?: number;
  readonly shaping?: { readonly topK: number; readonly tokenClip: number };
  readonly external?: boolean;
  /** Cuts the heads into shards of so many tokens. */
  readonly shard?: number;
}

function randomBatch({ tokens, vocab, dim }: Given) {
  const random = testRandom(tokens * 1_009 + vocab);
  const f32 = (count: number, scale: number): Float32Array => Float32Array.from(random.normals(count, scale));
  const models = [0, 1, 2].map(() => ({
    hidden: f32(tokens * dim, 1),
    head: f32(vocab * dim, 2 / Math.sqrt(dim)),
  }));
  return {
    models,
    target: Uint32Array.from({ length: tokens }, () => random.integer(vocab)),
    // The inspector's weights: the token's own loss, and nothing where a token takes no part.
    weight: Float32Array.from({ length: tokens }, (_, t) => Number(t % 5 !== 4)),
  };
}

async function check(bench: KernelBench, given: Given): Promise<void> {
  const { tokens, vocab, dim, rows, objective, temperature = 1, shaping, external, shard } = given;
  const batch = randomBatch(given);
  const shape = { rows: tokens, inDim: dim, outDim: vocab };
  const [student, teacher, base] = batch.models.map(({ hidden, head }) => ({
    hidden: bench.f32('hidden', hidden),
    table: table(bench, head, { vocab, dim, ...(shard !== undefined && { shard }) }),
    logits: linear(hidden, head, shape),
  })) as [Model, Model, Model];
  const entries = (): RowEntries => ({
    k: K,
    ids: bench.u32('ids', new Uint32Array(tokens * K)),
    values: bench.f32('values', new Float32Array(tokens * (K + 1))),
  });
  const readout: HeadReadout = {
    student: entries(),
    teacher: entries(),
    raised: entries(),
    lowered: entries(),
  };
  const ofBase = entries();
  const target = bench.u32('target', batch.target);
  const scratch = bench.f32('studentLogits', new Float32Array(rows * vocab));
  const encoder = bench.gpu.encoder();
  headEntries(encoder, { hidden: base.hidden, head: base.table, target, tokens, scratch, entries: ofBase });
  divergenceHead(encoder, {
    objective,
    temperature,
    ...(shaping && { shaping }),
    studentHidden: student.hidden,
    studentHead: student.table,
    ...(external
      ? { teacherLogits: bench.f32('given', teacher.logits) }
      : { teacherHidden: teacher.hidden, teacherHead: teacher.table }),
    target,
    weight: bench.f32('weight', batch.weight),
    tokens,
    readout,
    metrics: bench.f32('metrics', new Float32Array(tokens * METRIC_COLUMNS)),
    scratch: {
      studentLogits: scratch,
      ...(!external && { teacherLogits: bench.f32('teacherLogits', new Float32Array(rows * vocab)) }),
    },
  });
  encoder.submit();

  const inputs = { student: student.logits, teacher: teacher.logits, targets: batch.target };
  const { dlogits } = divergence(
    { ...inputs, weights: batch.weight, vocab },
    { ...objective, ...shaping, temperature },
  );
  const likeliest =
    ({ logits }: Model) =>
    (token: number): Expected =>
      likeliestTokens(rowOf(logits, token, vocab), batch.target[token]!, K);
  const extremes =
    (order: 'largest' | 'smallest') =>
    (token: number): Expected =>
      extremeEntries(rowOf(dlogits, token, vocab), batch.target[token]!, K, order);
  await agree(bench, 'student', readout.student, tokens, likeliest(student));
  await agree(bench, 'teacher', readout.teacher, tokens, likeliest(teacher));
  await agree(bench, 'base', ofBase, tokens, likeliest(base));
  await agree(bench, 'raised', readout.raised, tokens, extremes('smallest'));
  await agree(bench, 'lowered', readout.lowered, tokens, extremes('largest'));
}

interface Model {
  readonly hidden: RowEntriesTensor;
  readonly table: TokenTable;
  readonly logits: Float64Array;
}
type RowEntriesTensor = RowEntries['ids'];

function table(
  bench: KernelBench,
  head: Float32Array,
  { vocab, dim, shard }: { vocab: number; dim: number; shard?: number },
): TokenTable {
  if (shard === undefined) return wholeTable(bench.f32('head', head), vocab, dim);
  const parts = shardRows({ vocab, dim, dtype: 'f32' }, shard * 4 * dim);
  return {
    vocab,
    dim,
    shards: parts.map(({ first, rows }) => ({
      first,
      rows,
      tensor: bench.f32('shard', head.subarray(first * dim, (first + rows) * dim)),
    })),
  };
}

async function agree(
  bench: KernelBench,
  label: string,
  found: RowEntries,
  tokens: number,
  wanted: (token: number) => Expected,
): Promise<void> {
  const ids = await bench.readU32(found.ids);
  const values = await bench.read(found.values);
  for (let token = 0; token < tokens; token++) {
    const expected = wanted(token);
    const name = `${label} of token ${token}`;
    const at = token * (K + 1);
    assertClose(values.subarray(at, at + K + 1), [...expected.values, expected.target], 'f32Decoder', name);
    expect([...ids.subarray(token * K, (token + 1) * K)], name).toEqual(expected.ids);
  }
}

const KL = { kind: 'reverse-kl' } as const;
const CASES: Readonly<Record<string, Given>> = {
  'one token': { tokens: 1, vocab: 5, dim: 3, rows: 1, objective: KL },
  'ragged chunks': { tokens: 37, vocab: 331, dim: 16, rows: 8, objective: KL },
  'heads in shards': { tokens: 21, vocab: 332, dim: 20, rows: 16, objective: KL, shard: 64 },
  'a teacher by its logits, JSD at τ = 1.6': {
    tokens: 23,
    vocab: 331,
    dim: 16,
    rows: 8,
    external: true,
    objective: { kind: 'jsd', beta: 0.3 },
    temperature: 1.6,
  },
  'a support of 20 and clipped tokens': {
    tokens: 20,
    vocab: 96,
    dim: 32,
    rows: 8,
    objective: { kind: 'forward-kl' },
    shaping: { topK: 20, tokenClip: 4 },
  },
};

for (const [name, given] of Object.entries(CASES))
  rowKernelTest(`what is read out of the head agrees with f64: ${name}`, bench => check(bench, given));

test('a readout of what is no divergence is refused', () => {
  const args = { objective: { kind: 'cross-entropy' }, studentHead: { vocab: 4, dim: 4 }, readout: {} };
  expect(() => divergenceHead({} as never, args as unknown as DivergenceHeadArgs)).toThrow(
    /'cross-entropy' is no divergence, so there is no readout/,
  );
});
