import { expect } from 'vitest';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest, rowKernelTest } from '../elementwise/kernel-fixture.ts';
import { gatherRows, scatterRows } from './rows.ts';

/** rows to move, rows there are, dim */
const SHAPES = [
  [1, 1, 1],
  [3, 7, 7],
  [17, 17, 4],
  [33, 65, 96],
  [65, 130, 33],
] as const;

for (const [rows, total, dim] of SHAPES)
  rowKernelTest(`gather and scatter move ${rows} of ${total} rows of ${dim}, bit for bit`, async bench => {
    const random = testRandom(rows * 1_000 + dim);
    const x = Float32Array.from(random.normals(total * dim));
    const order = Array.from({ length: total }, (_, i) => i).sort(() => random.uniform() - 0.5);
    const index = bench.u32('index', order.slice(0, rows));
    const gathered = bench.f32('gathered', new Float32Array(rows * dim));
    const scattered = bench.f32('scattered', new Float32Array(total * dim).fill(NaN));
    const encoder = bench.gpu.encoder();
    gatherRows(encoder, { x: bench.f32('x', x), index, y: gathered, rows, dim });
    scatterRows(encoder, { y: gathered, index, x: scattered, rows, dim, total });
    encoder.submit();
    const wantedRows = new Float32Array(rows * dim);
    const wantedTotal = new Float32Array(total * dim);
    for (const [r, from] of order.slice(0, rows).entries()) {
      const row = x.subarray(from * dim, (from + 1) * dim);
      wantedRows.set(row, r * dim);
      wantedTotal.set(row, from * dim);
    }
    assertClose(await bench.read(gathered), wantedRows, 'exact', 'gathered');
    assertClose(await bench.read(scattered), wantedTotal, 'exact', 'scattered');
  });

kernelTest('rows may repeat when gathered; a stray index is dropped when scattered', async bench => {
  const y = bench.f32('y', new Float32Array(8));
  const x = bench.f32('x', new Float32Array(8));
  const source = bench.f32('source', [1, 2, 3, 4, 5, 6, 7, 8]);
  const encoder = bench.gpu.encoder();
  gatherRows(encoder, { x: source, index: bench.u32('repeated', [3, 1, 1, 3]), y, rows: 4, dim: 2 });
  scatterRows(encoder, { y, index: bench.u32('stray', [0, 4, 2]), x, rows: 3, dim: 2, total: 4 });
  encoder.submit();
  expect([...(await bench.read(y))]).toEqual([7, 8, 3, 4, 3, 4, 7, 8]);
  expect([...(await bench.read(x))]).toEqual([7, 8, 0, 0, 3, 4, 0, 0]);
});

kernelTest('more elements than one dimension of workgroups covers', async bench => {
  const rows = 65_536 * 64 + 5;
  const index = Uint32Array.from({ length: rows }, (_, i) => i % 3);
  const y = bench.f32('y', new Float32Array(rows));
  const encoder = bench.gpu.encoder();
  gatherRows(encoder, { x: bench.f32('x', [5, 6, 7]), index: bench.u32('index', index), y, rows, dim: 1 });
  encoder.submit();
  const actual = await bench.read(y);
  expect(actual.findIndex((value, i) => value !== 5 + (i % 3))).toBe(-1);
});
