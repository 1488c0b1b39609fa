import { expect } from 'vitest';
import * as reference from '../../reference/attention.ts';
import { packSequences } from '../../reference/packed-batch.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest, rowKernelTest, type KernelBench } from '../elementwise/kernel-fixture.ts';
import { attentionBackward, attentionForward } from './attention.ts';

interface Case {
  /** Tokens of each sequence. */
  readonly lengths: readonly number[];
  readonly heads: number;
  readonly kvHeads: number;
  readonly headDim: number;
  /** Standard deviation of q and k. */
  readonly size?: number;
}

function data({ lengths, heads, kvHeads, headDim, size = 1 }: Case) {
  const tokens = lengths.reduce((sum, length) => sum + length, 0);
  const random = testRandom(tokens * 7_919 + heads * 131 + kvHeads * 17 + headDim);
  const f32 = (width: number, scale = 1) =>
    Float32Array.from(random.normals(tokens * width * headDim, scale));
  return {
    ...packSequences(lengths.map(length => new Uint32Array(length))),
    shape: { tokens, heads, kvHeads, headDim },
    q: f32(heads, size),
    k: f32(kvHeads, size),
    v: f32(kvHeads),
    dOut: f32(heads),
  };
}

/** Forward and backward on the GPU. Outputs start as NaN: what is not overwritten shows. */
async function run(bench: KernelBench, { shape, q, k, v, dOut, seqStart, seqEnd }: ReturnType<typeof data>) {
  const { tokens: rows, heads, kvHeads, headDim } = shape;
  const output = (label: string, length: number) => bench.f32(label, new Float32Array(length).fill(NaN));
  const args = {
    q: bench.f32('q', q),
    k: bench.f32('k', k),
    v: bench.f32('v', v),
    out: output('out', rows * heads * headDim),
    logSumExp: output('logSumExp', rows * heads),
    seqStart: bench.u32('seqStart', seqStart),
    rows,
    heads,
    kvHeads,
    headDim,
  };
  const gradients = {
    dOut: bench.f32('dOut', dOut),
    delta: output('delta', rows * heads),
    dq: output('dq', rows * heads * headDim),
    dk: output('dk', rows * kvHeads * headDim),
    dv: output('dv', rows * kvHeads * headDim),
    seqEnd: bench.u32('seqEnd', seqEnd),
  };
  const encoder = bench.gpu.encoder();
  attentionForward(encoder, args);
  attentionBackward(encoder, { ...args, ...gradients });
  encoder.submit();
  const tensors = { ...args, ...gradients };
  const names = ['out', 'logSumExp', 'dq', 'dk', 'dv'] as const;
  const values = await Promise.all(names.map(name => bench.read(tensors[name])));
  return Object.fromEntries(names.map((name, i) => [name, values[i]!])) as Record<
    (typeof names)[number],
    Float32Array
  >;
}

async function assertAgrees(bench: KernelBench, given: Case): Promise<void> {
  const inputs = data(given);
  const actual = await run(bench, inputs);
  const { out, lse } = reference.attention(inputs, inputs.shape);
  const expected = {
    out,
    logSumExp: lse,
    ...reference.attentionBackward(inputs.dOut, inputs, { out, lse }, inputs.shape),
  };
  for (const name of ['out', 'logSumExp', 'dq', 'dk', 'dv'] as const)
    assertClose(actual[name], expected[name], 'f32Attention', name);
}

const ragged = [1, 2, 9, 33, 70];
const cases: readonly Case[] = [
  { lengths: [1], heads: 1, kvHeads: 1, headDim: 16 },
  { lengths: [2, 1], heads: 2, kvHeads: 1, headDim: 4 },
  { lengths: [1, 1, 1, 1, 1, 1, 1, 1, 1], heads: 3, kvHeads: 3, headDim: 24 },
  { lengths: ragged, heads: 1, kvHeads: 1, headDim: 16 },
  { lengths: ragged, heads: 4, kvHeads: 2, headDim: 24 },
  { lengths: ragged, heads: 4, kvHeads: 1, headDim: 32 },
  { lengths: ragged, heads: 6, kvHeads: 2, headDim: 64 },
  { lengths: ragged, heads: 5, kvHeads: 1, headDim: 8 },
  { lengths: [70, 33, 9, 2, 1], heads: 6, kvHeads: 1, headDim: 8 },
  { lengths: [65, 17, 3], heads: 7, kvHeads: 1, headDim: 16 },
  { lengths: [7, 33], heads: 2, kvHeads: 2, headDim: 128 },
  { lengths: ragged, heads: 4, kvHeads: 2, headDim: 6 },
  { lengths: [3, 17], heads: 3, kvHeads: 1, headDim: 6 },
  { lengths: [257, 3, 300], heads: 2, kvHeads: 1, headDim: 16 },
];

for (const given of cases) {
  const { lengths, heads, kvHeads, headDim } = given;
  // One tuning is enough for the longest texts: compilers of software adapters are slow.
  const testTunings = headDim >= 64 ? kernelTest : rowKernelTest;
  testTunings(
    `sequences of ${lengths.join(', ')} tokens, ${heads}/${kvHeads} heads of ${headDim}: forward and gradients`,
    async bench => {
      await assertAgrees(bench, given);
    },
  );
}

rowKernelTest('a sequence of 1,024 tokens beside short ones', async bench => {
  await assertAgrees(bench, { lengths: [5, 1024, 1], heads: 1, kvHeads: 1, headDim: 16 });
});

// √headDim = 4 and standard deviation 100 make scores of about ±1e4: each row picks one key, and exp of a score overflows by far.
rowKernelTest('scores of ±1e4 stay finite and pick the right keys', async bench => {
  const inputs = data({ lengths: ragged, heads: 2, kvHeads: 1, headDim: 16, size: 100 });
  const actual = await run(bench, inputs);
  for (const [name, values] of Object.entries(actual)) expect(values.every(Number.isFinite), name).toBe(true);
  const { out, lse } = reference.attention(inputs, inputs.shape);
  expect(Math.max(...lse)).toBeGreaterThan(1e4);
  // A score of 1e4 is rounded by 1e-3, and so is its probability.
  assertClose(actual.out, out, 'f16Weights', 'out');
  assertClose(actual.logSumExp, lse, 'f32Attention', 'logSumExp');
});

rowKernelTest('one sequence does not see another: others may change without moving a bit', async bench => {
  const before = data({ lengths: [9, 33, 5], heads: 4, kvHeads: 2, headDim: 8 });
  const after = data({ lengths: [9, 33, 5], heads: 4, kvHeads: 2, headDim: 8, size: 1 });
  const [from, to] = [9, 42];
  for (const [name, width] of [
    ['q', 4],
    ['k', 2],
    ['v', 2],
    ['dOut', 4],
  ] as const)
    for (let i = 0; i < after[name].length; i++) {
      const token = Math.floor(i / (width * 8));
      if (token < from || token >= to) after[name][i] = 50 - after[name][i]!;
    }
  const [first, second] = [await run(bench, before), await run(bench, after)];
  for (const [name, width] of [
    ['out', 32],
    ['logSumExp', 4],
    ['dq', 32],
    ['dk', 16],
    ['dv', 16],
  ] as const) {
    const range = [from * width, to * width] as const;
    assertClose(second[name].slice(...range), first[name].slice(...range), 'exact', name);
  }
});

kernelTest('more workgroups than one dimension of a dispatch can hold', async bench => {
  const rows = 65_535 * 32 + 7;
  const tokens = Uint32Array.from({ length: rows }, (_, i) => i);
  const values = Float32Array.from(tokens, i => (i % 1_021) - 510);
  const out = bench.f32('out', new Float32Array(rows));
  const encoder = bench.gpu.encoder();
  attentionForward(encoder, {
    q: bench.f32('q', values),
    k: bench.f32('k', values),
    v: bench.f32('v', values),
    out,
    logSumExp: bench.f32('logSumExp', new Float32Array(rows)),
    seqStart: bench.u32('seqStart', tokens),
    rows,
    heads: 1,
    kvHeads: 1,
    headDim: 1,
  });
  encoder.submit();
  // Sequences of one token: each attends to itself alone.
  const actual = await bench.read(out);
  expect(actual.findIndex((value, i) => value !== values[i])).toBe(-1);
});

rowKernelTest('bad arguments are refused before anything is dispatched', async bench => {
  const inputs = data({ lengths: [3], heads: 3, kvHeads: 1, headDim: 4 });
  await expect(run(bench, { ...inputs, shape: { ...inputs.shape, kvHeads: 2 } })).rejects.toThrow(
    /attentionForward: 3 query heads cannot share 2 key-value heads/,
  );
  await expect(run(bench, { ...inputs, q: inputs.q.slice(1) })).rejects.toThrow(
    /tensor q has 35 elements, 36 are needed/,
  );
});
