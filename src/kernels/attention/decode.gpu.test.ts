import { expect } from 'vitest';
import * as reference from '../../reference/attention.ts';
import { packSequences } from '../../reference/packed-batch.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest, rowKernelTest } from '../elementwise/kernel-fixture.ts';
import { kvAppend } from '../kv-cache/kv-cache.ts';
import { attentionDecode } from './decode.ts';

const shapes = [
  [1, 1, 16],
  [2, 2, 4],
  [4, 2, 24],
  [3, 1, 32],
  [6, 1, 64],
  [7, 1, 8],
  [4, 4, 128],
  [4, 2, 10],
] as const;

for (const [heads, kvHeads, headDim] of shapes) {
  // Software adapters are slow with the barriers of the other tuning: a few shapes have to do for both.
  const testTunings = [10, 16, 24, 64].includes(headDim) ? rowKernelTest : kernelTest;
  testTunings(
    `${heads}/${kvHeads} heads of ${headDim}: token by token gives the rows of the packed pass`,
    async bench => {
      const lengths = [1, 9, 2, 40, 33];
      const capacity = 41;
      const { seqStart } = packSequences(lengths.map(length => new Uint32Array(length)));
      const tokens = seqStart.length;
      const starts = lengths.map((_, slot) =>
        lengths.slice(0, slot).reduce((sum, length) => sum + length, 0),
      );
      const random = testRandom(heads * 1_009 + kvHeads * 131 + headDim);
      const [qWidth, kvWidth] = [heads * headDim, kvHeads * headDim];
      const [q, k, v] = [qWidth, kvWidth, kvWidth].map(width =>
        Float32Array.from(random.normals(tokens * width)),
      );
      const expected = reference.attention(
        { q: q!, k: k!, v: v!, seqStart },
        { tokens, heads, kvHeads, headDim },
      ).out;

      const slots = lengths.length;
      const tensors = {
        q: bench.f32('q', new Float32Array(slots * qWidth)),
        k: bench.f32('k', new Float32Array(slots * kvWidth)),
        v: bench.f32('v', new Float32Array(slots * kvWidth)),
        keys: bench.f32('keys', new Float32Array(slots * capacity * kvWidth).fill(7)),
        values: bench.f32('values', new Float32Array(slots * capacity * kvWidth).fill(7)),
        out: bench.f32('out', new Float32Array(slots * qWidth).fill(NaN)),
        slot: bench.u32(
          'slot',
          Uint32Array.from(lengths, (_, slot) => slot),
        ),
        position: bench.u32('position', new Uint32Array(slots)),
      };
      // Sequences that have ended repeat their last token, as slots do that wait for the others.
      for (let step = 0; step < Math.max(...lengths); step++) {
        const position = lengths.map(length => Math.min(step, length - 1));
        const rows = position.map((at, slot) => starts[slot]! + at);
        const gather = (from: Float32Array, width: number): Float32Array<ArrayBuffer> =>
          Float32Array.from(rows.flatMap(row => [...from.subarray(row * width, (row + 1) * width)]));
        bench.gpu.write(tensors.position, Uint32Array.from(position));
        bench.gpu.write(tensors.q, gather(q!, qWidth));
        bench.gpu.write(tensors.k, gather(k!, kvWidth));
        bench.gpu.write(tensors.v, gather(v!, kvWidth));
        const encoder = bench.gpu.encoder();
        kvAppend(encoder, { ...tensors, rows: slots, kvDim: kvWidth, capacity });
        attentionDecode(encoder, { ...tensors, rows: slots, heads, kvHeads, headDim, capacity });
        encoder.submit();
        if (![0, 1, 8, 31, 32, 39].includes(step)) continue;
        const wanted = rows.flatMap(row => [...expected.subarray(row * qWidth, (row + 1) * qWidth)]);
        assertClose(await bench.read(tensors.out), wanted, 'f32Attention', `step ${step}`);
      }
    },
  );
}

kernelTest('more workgroups than one dimension of a dispatch can hold', async bench => {
  const rows = 65_535 * 8 + 5;
  const values = Float32Array.from({ length: rows }, (_, i) => (i % 1_021) - 510);
  const out = bench.f32('out', new Float32Array(rows));
  const encoder = bench.gpu.encoder();
  attentionDecode(encoder, {
    q: bench.f32('q', values),
    keys: bench.f32('keys', values),
    values: bench.f32('values', values),
    position: bench.u32('position', new Uint32Array(rows)),
    out,
    rows,
    heads: 1,
    kvHeads: 1,
    headDim: 1,
    capacity: 1,
  });
  encoder.submit();
  const actual = await bench.read(out);
  expect(actual.findIndex((value, i) => value !== values[i])).toBe(-1);
});

rowKernelTest(
  'fewer rows than slots leave the other rows of out alone; ±1e4 scores stay finite',
  async bench => {
    const [heads, headDim, capacity] = [2, 16, 40];
    const random = testRandom(5);
    const out = bench.f32('out', new Float32Array(3 * heads * headDim).fill(-3));
    const encoder = bench.gpu.encoder();
    attentionDecode(encoder, {
      q: bench.f32('q', random.normals(3 * heads * headDim, 100)),
      keys: bench.f32('keys', random.normals(3 * capacity * heads * headDim, 100)),
      values: bench.f32('values', random.normals(3 * capacity * heads * headDim)),
      position: bench.u32('position', [39, 17, 39]),
      out,
      rows: 2,
      heads,
      kvHeads: heads,
      headDim,
      capacity,
    });
    encoder.submit();
    const values = await bench.read(out);
    expect(values.every(Number.isFinite)).toBe(true);
    expect(values.subarray(0, 2 * heads * headDim)).not.toContain(-3);
    expect([...values.subarray(2 * heads * headDim)]).toEqual(new Array(heads * headDim).fill(-3));
  },
);
