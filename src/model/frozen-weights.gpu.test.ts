import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { wordsOf, type Tensor } from '../gpu/tensor.ts';
import { f16Value, packF16, packQ8, unpackF16, unpackQ8 } from '../reference/weight-storage.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { testRandom } from '../testing/random.ts';
import { FrozenWeights, type SourceTensor } from './frozen-weights.ts';
import { layoutParameters } from './parameters.ts';
import type { SourceType, WeightStorage } from './weight-storage.ts';

const TABLE = 'model.embed_tokens.weight';
/** The second is more than one piece; the third fills no block, the fourth no vector. */
const SHAPES: readonly [string, readonly number[]][] = [
  [TABLE, [150, 32]],
  ['large', [4_200, 256]],
  ['narrow', [6, 20]],
  ['ragged', [5, 7]],
  ['gain', [32]],
];
const layout = layoutParameters(SHAPES);

/** Bytes of values as a file of the type has them, and the values that those are. */
function encode(
  type: SourceType,
  values: Float32Array<ArrayBuffer>,
): { bytes: Uint8Array<ArrayBuffer>; exact: Float64Array } {
  if (type === 'F32')
    return { bytes: new Uint8Array(values.slice().buffer), exact: Float64Array.from(values) };
  const words = new Uint32Array(values.slice().buffer);
  const halves =
    type === 'BF16'
      ? Uint16Array.from(words, word => word >>> 16)
      : new Uint16Array(packF16(padded(values)).buffer, 0, values.length);
  const back = new Float32Array(1);
  const bits = new Uint32Array(back.buffer);
  const exact = Float64Array.from(halves, half => {
    if (type === 'F16') return f16Value(half);
    bits[0] = half << 16;
    return back[0]!;
  });
  return { bytes: new Uint8Array(halves.slice().buffer), exact };
}

const padded = (values: Float32Array): Float32Array =>
  Float32Array.from({ length: values.length + (values.length % 2) }, (_, i) => values[i] ?? 0);

function checkpoint(type: SourceType) {
  const exact = new Map<string, Float64Array>();
  const reads: number[] = [];
  const source = new Map<string, SourceTensor>();
  for (const { name, shape, length } of layout.entries) {
    const encoded = encode(type, Float32Array.from(testRandom(length).normals(length)));
    exact.set(name, encoded.exact);
    source.set(name, {
      type,
      shape,
      read: (begin, end) => {
        reads.push(end - begin);
        return Promise.resolve(encoded.bytes.slice(begin, end));
      },
    });
  }
  return { source, exact, reads };
}

async function valuesOf(gpu: Gpu, tensor: Tensor): Promise<Float64Array> {
  const words = await gpu.readback.u32(wordsOf(tensor));
  if (tensor.dtype === 'f16') return unpackF16(words);
  return tensor.dtype === 'q8' ? unpackQ8(words) : Float64Array.from(new Float32Array(words.buffer));
}

/** Rows of the table's shards under a limit of 64 rows in f32. */
const shardRows = { f32: [64, 64, 22], f16: [128, 22], q8: [150] };

const STORED = {
  f32: (values: Float64Array) => values,
  f16: (values: Float64Array) => unpackF16(packF16(values)),
  q8: (values: Float64Array) => unpackQ8(packQ8(values)),
};

test.each([
  ['F32', 'f32', ['f32', 'f32', 'f32', 'f32', 'f32']],
  ['F16', 'q8', ['q8', 'q8', 'f16', 'f32', 'f32']],
  ['BF16', 'f16', ['f16', 'f16', 'f16', 'f32', 'f32']],
  ['BF16', 'q8', ['q8', 'q8', 'f16', 'f32', 'f32']],
] as const)('%s fills %s, piece by piece, a table shard by shard', async (type, storage, types) => {
  const gpu = new Gpu(await requestTestDevice());
  const { source, exact, reads } = checkpoint(type);
  const limit = 64 * 32 * 4;
  const weights = new FrozenWeights(gpu, gpu.memory, layout, {
    storage,
    tables: new Set([TABLE]),
    bindingLimit: limit,
  });
  const shares: number[] = [];
  await weights.fillFrom(source, (done, total) => shares.push(done / total));
  expect(shares.at(-1)).toBe(1);
  expect(Math.max(...reads)).toBeLessThanOrEqual(4 * 2 ** 20);
  const table = weights.table(TABLE);
  if (table.shards.length > 1)
    expect(() => weights.tensor(TABLE)).toThrow(`lies in ${table.shards.length} shards`);
  expect(table.shards.map(({ rows }) => rows)).toEqual(shardRows[storage]);
  const wanted = (name: string, dtype: WeightStorage): Float64Array => STORED[dtype](exact.get(name)!);
  for (const { tensor, first, rows } of table.shards)
    assertClose(
      await valuesOf(gpu, tensor),
      wanted(TABLE, types[0]).subarray(32 * first, 32 * (first + rows)),
      'exact',
      TABLE,
    );
  for (const [i, [name]] of SHAPES.entries()) {
    if (name === TABLE) continue;
    const tensor = weights.tensor(name);
    expect(tensor.dtype).toBe(types[i]);
    assertClose(await valuesOf(gpu, tensor), wanted(name, types[i]!), 'exact', name);
  }
  expect(weights.bytes).toBeLessThanOrEqual(gpu.memory.bytes);
  gpu.memory.release();
});

test('what does not fit the configuration or the storage is refused by name', async () => {
  const gpu = new Gpu(await requestTestDevice());
  const weights = new FrozenWeights(gpu, gpu.memory, layout, { storage: 'f16', tables: new Set([TABLE]) });
  const { source } = checkpoint('F32');
  const fault = async (changed: Map<string, SourceTensor>) =>
    await weights.fillFrom(changed).then(
      () => undefined,
      (error: unknown) => (error as { fault?: { code: string; place?: string } }).fault,
    );
  const without = new Map(source);
  without.delete('gain');
  expect(await fault(without)).toMatchObject({ code: 'E_MODEL_TENSOR_MISSING', place: 'tensor "gain"' });
  const narrow = source.get('narrow')!;
  expect(await fault(new Map(source).set('narrow', { ...narrow, shape: [20, 6] }))).toMatchObject({
    code: 'E_MODEL_TENSOR_SHAPE',
    place: 'tensor "narrow"',
    message: 'a tensor has shape 20×6; the configuration asks for 6×20',
  });
  for (const value of [70_000, Number.NaN, -Infinity]) {
    const bad = new Uint8Array(new Float32Array(120).fill(value).buffer);
    const read = (begin: number, end: number) => Promise.resolve(bad.slice(begin, end));
    expect(await fault(new Map(source).set('narrow', { ...narrow, read }))).toMatchObject({
      code: 'E_MODEL_WEIGHTS',
      place: 'tensor "narrow"',
    });
  }
  expect(() => weights.tensor('absent')).toThrow('no parameter absent');
  gpu.memory.release();
});
