import { expect } from 'vitest';
import type { Tensor } from '../../gpu/tensor.ts';
import { embedding } from '../../reference/embedding.ts';
import { linear, linearBackwardInput } from '../../reference/linear.ts';
import { packF16, packQ8, unpackF16, unpackQ8 } from '../../reference/weight-storage.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest, rowKernelTest, type KernelBench } from '../elementwise/kernel-fixture.ts';
import { embedTokens } from './embed-tokens.ts';
import { tableBackwardInput, tableLogits } from './table-products.ts';
import { shardRows, wholeTable, type TokenTable } from './token-table.ts';

const asF32 = {
  pack: (values: Float32Array<ArrayBuffer>) => new Uint32Array(values.slice().buffer),
  unpack: (words: Uint32Array<ArrayBuffer>) => Float64Array.from(new Float32Array(words.buffer)),
};
const STORED = {
  f32: asF32,
  f16: { pack: packF16, unpack: unpackF16 },
  q8: { pack: packQ8, unpack: unpackQ8 },
} as const;

/** A random table in shards of at most `limit` bytes, and its values. */
function shardedTable(
  bench: KernelBench,
  { vocab, dim, dtype }: { vocab: number; dim: number; dtype: keyof typeof STORED },
  limit: number,
): { table: TokenTable; values: Float64Array } {
  const { pack, unpack } = STORED[dtype];
  const values = Float32Array.from(testRandom(vocab).normals(vocab * dim));
  const shards = shardRows({ vocab, dim, dtype }, limit).map(({ first, rows }) => {
    const words = pack(values.slice(first * dim, (first + rows) * dim));
    const tensor: Tensor = { ...bench.u32(`table ${first}`, words), dtype, length: rows * dim };
    return { tensor, first, rows };
  });
  return { table: { vocab, dim, shards }, values: unpack(pack(values)) };
}

/** Whole and in parts, with a last part that fills no vector, and no vector at all. */
const TABLES = [
  { vocab: 7, dim: 5, dtype: 'f32', limit: 1e9, parts: 1 },
  { vocab: 131, dim: 33, dtype: 'f32', limit: 64 * 33 * 4, parts: 3 },
  { vocab: 200, dim: 12, dtype: 'f32', limit: 64 * 12 * 4, parts: 4 },
  { vocab: 332, dim: 36, dtype: 'f16', limit: 128 * 36 * 2, parts: 3 },
  { vocab: 257, dim: 64, dtype: 'q8', limit: 64 * 72, parts: 5 },
] as const;

for (const { limit, parts, ...shape } of TABLES)
  rowKernelTest(
    `${shape.vocab} × ${shape.dim} in ${shape.dtype}, ${parts} parts: embedding, logits and gradient`,
    async bench => {
      const { vocab, dim } = shape;
      const rows = 37;
      const { table, values } = shardedTable(bench, shape, limit);
      expect(table.shards).toHaveLength(parts);
      const random = testRandom(rows);
      const ids = Uint32Array.from({ length: rows }, (_, row) =>
        row === 0 ? vocab - 1 : row === 1 ? 0 : random.integer(vocab),
      );
      const hidden = Float32Array.from(random.normals(rows * dim));
      const dLogits = Float32Array.from(random.normals(rows * vocab));
      const x = bench.f32('x', new Float32Array(rows * dim).fill(NaN));
      const logits = bench.f32('logits', new Float32Array(rows * vocab).fill(NaN));
      const dHidden = bench.f32('dHidden', new Float32Array(rows * dim).fill(NaN));
      const encoder = bench.gpu.encoder();
      embedTokens(encoder, { table, ids: bench.u32('ids', ids), x, rows });
      tableLogits(encoder, { hidden: bench.f32('hidden', hidden), table, logits, rows });
      tableBackwardInput(encoder, { dLogits: bench.f32('dLogits', dLogits), table, dHidden, rows });
      encoder.submit();
      const dims = { rows, inDim: dim, outDim: vocab };
      assertClose(await bench.read(x), embedding(values, ids, dim).map(Math.fround), 'exact', 'x');
      assertClose(await bench.read(logits), linear(hidden, values, dims), 'f32Sum', 'logits');
      assertClose(await bench.read(dHidden), linearBackwardInput(dLogits, values, dims), 'f32Sum', 'dHidden');
    },
  );

kernelTest('an id beyond the table yields its last row', async bench => {
  const x = bench.f32('x', new Float32Array(2));
  const table = wholeTable(bench.f32('table', [1, 2, 3]), 3, 1);
  const encoder = bench.gpu.encoder();
  embedTokens(encoder, { table, ids: bench.u32('ids', [3, 4_294_967_295]), x, rows: 2 });
  encoder.submit();
  expect([...(await bench.read(x))]).toEqual([3, 3]);
});

kernelTest(
  'a table that exceeds the smallest binding limit, 128 MiB, is read to its last row',
  async bench => {
    const [vocab, dim, limit] = [65_600, 1_024, 2 ** 27];
    const { gpu } = bench;
    const parts = shardRows({ vocab, dim, dtype: 'f16' }, limit);
    expect(parts).toHaveLength(2);
    const shards = parts.map(({ first, rows }) => ({
      first,
      rows,
      tensor: gpu.memory.tensor(`table ${first}`, rows * dim, 'f16'),
    }));
    const last = shards[1]!;
    // The last row holds 1, 2, 3, 4 and then zeros, as all others do.
    gpu.write({ ...last.tensor, dtype: 'u32' }, packF16([1, 2, 3, 4]), ((last.rows - 1) * dim) / 2);
    const table = { vocab, dim, shards };
    const x = bench.f32('x', new Float32Array(2 * dim).fill(NaN));
    const logits = bench.f32('logits', new Float32Array(vocab).fill(NaN));
    const dHidden = bench.f32('dHidden', new Float32Array(dim).fill(NaN));
    const dLogits = bench.f32(
      'dLogits',
      Float32Array.from({ length: vocab }, (_, id) => (id === vocab - 1 ? 2 : 1)),
    );
    const hidden = bench.f32('hidden', new Float32Array(dim).fill(1));
    const encoder = gpu.encoder();
    embedTokens(encoder, { table, ids: bench.u32('ids', [vocab - 1, 0]), x, rows: 2 });
    tableLogits(encoder, { hidden, table, logits, rows: 1 });
    tableBackwardInput(encoder, { dLogits, table, dHidden, rows: 1 });
    encoder.submit();
    const row = (values: number[]): number[] => [...values, ...Array<number>(dim - 4).fill(0)];
    expect([...(await bench.read(x))]).toEqual([...row([1, 2, 3, 4]), ...row([0, 0, 0, 0])]);
    expect([...(await bench.read(dHidden))]).toEqual(row([2, 4, 6, 8]));
    const found = await bench.read(logits);
    expect(found.at(-1)).toBe(10);
    expect(found.subarray(0, -1).every(value => value === 0)).toBe(true);
  },
);
