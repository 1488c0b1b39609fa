import { expect } from 'vitest';
import { assertClose } from '../../testing/compare.ts';
import { testRandom } from '../../testing/random.ts';
import { addInto, emaUpdate, fill } from './elementwise.ts';
import { kernelTest, rowKernelTest } from './kernel-fixture.ts';

for (const length of [1, 3, 4, 7, 256, 257, 1_001])
  rowKernelTest(`fill, addInto and emaUpdate over ${length} elements`, async bench => {
    const random = testRandom(length);
    const x = Float32Array.from(random.normals(length));
    const y = Float32Array.from(random.normals(length));
    const source = bench.f32('x', x);
    const filled = bench.f32('filled', y);
    const added = bench.f32('added', y);
    const scaled = bench.f32('scaled', y);
    const averaged = bench.f32('averaged', y);
    const encoder = bench.gpu.encoder();
    fill(encoder, { x: filled, value: -2.5, length });
    addInto(encoder, { x: source, y: added, length });
    addInto(encoder, { x: source, y: scaled, length, scale: -0.75 });
    emaUpdate(encoder, { source, target: averaged, decay: 0.99, length });
    encoder.submit();
    assertClose(await bench.read(filled), new Float32Array(length).fill(-2.5), 'exact');
    assertClose(
      await bench.read(added),
      y.map((v, i) => v + x[i]!),
      'f32Elementwise',
    );
    assertClose(
      await bench.read(scaled),
      y.map((v, i) => v - 0.75 * x[i]!),
      'f32Elementwise',
    );
    assertClose(
      await bench.read(averaged),
      y.map((v, i) => 0.99 * v + 0.01 * x[i]!),
      'f32Elementwise',
    );
  });

kernelTest('a length below the tensor leaves the rest alone', async bench => {
  const x = bench.f32('x', [1, 2, 3, 4, 5, 6, 7]);
  const encoder = bench.gpu.encoder();
  fill(encoder, { x, value: 0, length: 5 });
  encoder.submit();
  expect([...(await bench.read(x))]).toEqual([0, 0, 0, 0, 0, 6, 7]);
});

kernelTest('an average of equal tensors does not drift, and decay 1 keeps the target', async bench => {
  const values = Float32Array.from(testRandom(3).normals(129));
  const other = Float32Array.from(testRandom(4).normals(129));
  const source = bench.f32('source', values);
  const equal = bench.f32('equal', values);
  const kept = bench.f32('kept', other);
  const encoder = bench.gpu.encoder();
  for (let i = 0; i < 20; i++) emaUpdate(encoder, { source, target: equal, decay: 0.9, length: 129 });
  emaUpdate(encoder, { source, target: kept, decay: 1, length: 129 });
  encoder.submit();
  assertClose(await bench.read(equal), values, 'exact');
  assertClose(await bench.read(kept), other, 'exact');
  expect(() => emaUpdate(encoder, { source, target: kept, decay: 1.5, length: 129 })).toThrow(/decay 1.5/);
});
