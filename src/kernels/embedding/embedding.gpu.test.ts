import { embedding, embeddingBackward as referenceBackward } from '../../reference/embedding.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { rowKernelTest } from '../elementwise/kernel-fixture.ts';
import { embedTokens } from './embed-tokens.ts';
import { embeddingBackward, embeddingRuns } from './embedding.ts';
import { wholeTable } from './token-table.ts';

/** tokens, vocab, dim: few ids among many tokens make long runs, many ids short ones. */
const SHAPES = [
  [1, 1, 1],
  [7, 3, 7],
  [65, 1, 33],
  [130, 331, 96],
  [513, 17, 20],
] as const;

for (const [rows, vocab, dim] of SHAPES)
  rowKernelTest(
    `${rows} tokens of ${vocab} ids, dim ${dim}: forward copies, backward adds up`,
    async bench => {
      const random = testRandom(rows * 1_000 + vocab);
      const table = Float32Array.from(random.normals(vocab * dim));
      const dy = Float32Array.from(random.normals(rows * dim));
      const before = Float32Array.from(random.normals(vocab * dim));
      const ids = Uint32Array.from({ length: rows }, () => random.integer(vocab));
      const { order, runStart, runId, runs } = embeddingRuns(ids);
      const x = bench.f32('x', new Float32Array(rows * dim));
      const dTable = bench.f32('dTable', before);
      const encoder = bench.gpu.encoder();
      embedTokens(encoder, {
        table: wholeTable(bench.f32('table', table), vocab, dim),
        ids: bench.u32('ids', ids),
        x,
        rows,
      });
      embeddingBackward(encoder, {
        dx: bench.f32('dx', dy),
        dTable,
        runs,
        dim,
        order: bench.u32('order', order),
        runStart: bench.u32('runStart', runStart),
        runId: bench.u32('runId', runId),
      });
      encoder.submit();
      assertClose(await bench.read(x), embedding(table, ids, dim), 'exact', 'x');
      const gradient = referenceBackward(dy, ids, { vocab, dim });
      assertClose(
        await bench.read(dTable),
        gradient.map((d, i) => d + before[i]!),
        'f32Sum',
        'dTable',
      );
    },
  );
