import { expect, test } from 'vitest';
import { tokenMass as reference } from '../../reference/token-mass.ts';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { kernelTest, rowKernelTest, type KernelBench } from '../elementwise/kernel-fixture.ts';
import { tokenMass } from './token-mass.ts';

async function run(bench: KernelBench, logits: ArrayLike<number>, member: ArrayLike<number>) {
  const vocab = member.length;
  const rows = logits.length / vocab;
  const mass = bench.f32('mass', new Float32Array(rows).fill(NaN));
  const logOdds = bench.f32('logOdds', new Float32Array(rows).fill(NaN));
  const encoder = bench.gpu.encoder();
  tokenMass(encoder, {
    logits: bench.f32('logits', logits),
    member: bench.u32('member', member),
    mass,
    logOdds,
    rows,
    vocab,
  });
  encoder.submit();
  return { mass: await bench.read(mass), logOdds: await bench.read(logOdds) };
}

/** rows, vocab, share of the tokens in the set */
const SHAPES = [
  [1, 2, 0.5],
  [3, 5, 0.3],
  [65, 331, 0.05],
  [7, 1212, 0.002],
  [2, 5003, 0.9],
] as const;

for (const [rows, vocab, share] of SHAPES)
  rowKernelTest(`${rows} rows of ${vocab} agree with f64`, async bench => {
    const random = testRandom(rows + vocab);
    const logits = Float32Array.from(random.normals(rows * vocab, 4));
    if (vocab > 100) logits.fill(-1e30, 11, 64);
    const member = Uint32Array.from({ length: vocab }, (_, v) =>
      v === 0 ? 1 : v === vocab - 1 ? 0 : 3 * Number(random.uniform() < share),
    );
    const actual = await run(bench, logits, member);
    const expected = Array.from({ length: rows }, (_, r) =>
      reference(logits.subarray(r * vocab, (r + 1) * vocab), member),
    );
    assertClose(
      actual.mass,
      expected.map(({ mass }) => mass),
      'f32Mass',
      'mass',
    );
    assertClose(
      actual.logOdds,
      expected.map(({ logOdds }) => logOdds),
      'f32Loss',
      'log-odds',
    );
  });

rowKernelTest('neither side loses its digits where the mass rounds to 0 or 1', async bench => {
  const rows = [
    [200, 1, 2, 3, 4],
    [1, 2, 200, 3, 4],
    [-1e30, 5, 5, 5, 5],
    [1e30, -1e30, 0, 0, 0],
  ];
  const member = [1, 1, 0, 0, 0];
  const actual = await run(bench, rows.flat(), member);
  const expected = rows.map(row => reference(row.map(Math.fround), member));
  assertClose(
    actual.logOdds,
    expected.map(({ logOdds }) => logOdds),
    'f32Loss',
    'log-odds',
  );
  assertClose(
    actual.mass,
    expected.map(({ mass }) => mass),
    'f32Mass',
    'mass',
  );
});

rowKernelTest('a side without a token is certain', async bench => {
  const none = await run(bench, [1, 2, 3], [0, 0, 0]);
  const all = await run(bench, [1, 2, 3], [1, 1, 1]);
  expect([none.mass[0], all.mass[0]]).toEqual([0, 1]);
  expect([none.logOdds[0], all.logOdds[0]]).toEqual([-3e38, 3e38].map(Math.fround));
});

kernelTest('more rows than one dimension of workgroups covers', async bench => {
  const rows = 65_536 * 64 + 3;
  const logits = new Float32Array(2 * rows);
  const { mass } = await run(bench, logits, [1, 0]);
  expect(mass.findIndex(value => value !== 0.5)).toBe(-1);
});

test('short tensors are refused', async () => {
  expect(() => {
    const tensor = { label: 'logits', length: 3 } as never;
    tokenMass({} as never, {
      logits: tensor,
      member: tensor,
      mass: tensor,
      logOdds: tensor,
      rows: 2,
      vocab: 3,
    });
  }).toThrow(/logits has 3 elements, 6 are needed/);
});
