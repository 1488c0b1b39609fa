import { expect, test } from 'vitest';
import { rowOf } from '../../reference/cross-entropy.ts';
import { extremeEntries, likeliestTokens } from '../../reference/row-entries.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { rowKernelTest, type KernelBench } from '../elementwise/kernel-fixture.ts';
import { rowEntries, type RowEntriesArgs } from './row-entries.ts';

type Wanted = Pick<RowEntriesArgs, 'order' | 'logProbs'>;

/** Rows of x that lie before the first, and tokens before its token, so that a lost start shows. */
const X_START = 2;
const ROW_START = 3;

async function run(
  bench: KernelBench,
  x: readonly number[][],
  target: readonly number[],
  k: number,
  wanted: Wanted,
) {
  const rows = x.length;
  const vocab = x[0]!.length;
  const tokens = ROW_START + rows;
  const ids = bench.u32('ids', new Uint32Array(tokens * k).fill(7));
  const values = bench.f32('values', new Float32Array(tokens * (k + 1)).fill(7));
  const encoder = bench.gpu.encoder();
  rowEntries(encoder, {
    ...wanted,
    xStart: X_START,
    rowStart: ROW_START,
    rows,
    vocab,
    x: bench.f32('x', [...new Array<number>(X_START * vocab).fill(1e9), ...x.flat()]),
    target: bench.u32('target', [...new Array<number>(ROW_START).fill(0), ...target]),
    entries: { k, ids, values },
  });
  encoder.submit();
  const [foundIds, found] = [await bench.readU32(ids), await bench.read(values)];
  expect(
    new Set([...foundIds.subarray(0, ROW_START * k), ...found.subarray(0, ROW_START * (k + 1))]),
  ).toEqual(new Set([7]));
  return x.map((_, r) => {
    const at = (ROW_START + r) * (k + 1);
    return {
      ids: [...foundIds.subarray((ROW_START + r) * k, (ROW_START + r + 1) * k)],
      values: [...found.subarray(at, at + k)],
      target: found[at + k]!,
    };
  });
}

/** rows, vocab, k */
const SHAPES = [
  [1, 1, 1],
  [3, 3, 3],
  [2, 64, 8],
  [65, 331, 5],
  [7, 1100, 8],
  [2, 50_002, 4],
] as const;

const randomRows = (rows: number, vocab: number, scale: number) => {
  const random = testRandom(rows * 10_007 + vocab);
  const x = Float32Array.from(random.normals(rows * vocab, scale));
  return {
    x: Array.from({ length: rows }, (_, r) => [...rowOf(x, r, vocab)]),
    target: Array.from({ length: rows }, () => random.integer(vocab)),
  };
};

for (const [rows, vocab, k] of SHAPES) {
  rowKernelTest(`the ${k} likeliest of ${vocab} in ${rows} rows agree with f64`, async bench => {
    const { x, target } = randomRows(rows, vocab, 3);
    const found = await run(bench, x, target, k, { order: 'largest', logProbs: true });
    for (const [r, row] of x.entries()) {
      const expected = likeliestTokens(row, target[r]!, k);
      expect(found[r]!.ids).toEqual(expected.ids);
      assertClose(found[r]!.values, expected.values, 'f32Loss', `row ${r}`);
      assertClose([found[r]!.target], [expected.target], 'f32Loss', `target of row ${r}`);
    }
  });

  rowKernelTest(`both ends of ${rows} rows of ${vocab}, unchanged`, async bench => {
    const { x, target } = randomRows(rows, vocab, 1e-3);
    for (const order of ['largest', 'smallest'] as const) {
      const found = await run(bench, x, target, k, { order, logProbs: false });
      for (const [r, row] of x.entries()) expect(found[r]).toEqual(extremeEntries(row, target[r]!, k, order));
    }
  });
}

rowKernelTest(
  'of equal entries the lowest ids come first, and masses near zero keep their digits',
  async bench => {
    const vocab = 200;
    const equal = new Array<number>(vocab).fill(2);
    const certain = equal.map((_, v) => (v === 131 ? 60 : v % 2 ? -40 : -1e30));
    const x = [equal, certain].map(row => row.map(Math.fround));
    const found = await run(bench, x, [199, 5], 6, { order: 'largest', logProbs: true });
    expect(found[0]!.ids).toEqual([0, 1, 2, 3, 4, 5]);
    expect(found[1]!.ids).toEqual([131, 1, 3, 5, 7, 9]);
    assertClose(found[1]!.values, likeliestTokens(x[1]!, 5, 6).values, 'f32Loss', 'values');
    expect(found[1]!.target).toBe(found[1]!.values[3]);
  },
);

test('what it cannot do is refused before anything is dispatched', () => {
  const tensor = { label: 'x', length: 12 } as never;
  const args = (k: number, wanted: Wanted): RowEntriesArgs => ({
    x: tensor,
    target: tensor,
    rowStart: 0,
    rows: 4,
    vocab: 3,
    entries: { k, ids: tensor, values: tensor },
    ...wanted,
  });
  const refused = (k: number, wanted: Wanted) => () => rowEntries({} as never, args(k, wanted));
  expect(refused(4, { order: 'largest', logProbs: true })).toThrow(/k 4 is no whole number from 1 to 3/);
  expect(refused(0, { order: 'largest', logProbs: true })).toThrow(/k 0/);
  expect(refused(1, { order: 'smallest', logProbs: true })).toThrow(/largest entries/);
  expect(refused(3, { order: 'smallest', logProbs: false })).toThrow(/x has 12 elements, 16 are needed/);
});
