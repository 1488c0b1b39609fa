import { describe, expect, test } from 'vitest';
import { readConfig } from '../config.ts';
import type { SourceType } from '../weight-storage.ts';
import { openCheckpoint, type Checkpoint } from './checkpoint.ts';
import { modelSize } from './model-size.ts';
import { memorySource, type ModelSource } from './model-source.ts';
import {
  CONFIG,
  goodFolder,
  openContents,
  randomTensors,
  safetensorsFile,
  shardedFolder,
  withIndex,
  type Contents,
  type WrittenTensors,
} from './model-folder-fixture.ts';
import { faultOfAsync } from '../../testing/fault-of.ts';

const DECODER = readConfig(CONFIG);

/** A source that counts reads, and returns `alter`ed bytes. */
function watched(contents: Contents, alter = (bytes: Uint8Array<ArrayBuffer>) => bytes) {
  const source = memorySource('tiny', contents);
  const reads: { path: string; bytes: number }[] = [];
  const watching: ModelSource = {
    ...source,
    read: async (path, begin, end) => {
      const bytes = await source.read(path, begin, end);
      reads.push({ path, bytes: bytes.byteLength });
      return alter(bytes);
    },
  };
  return { source: watching, reads };
}

async function gather(checkpoint: Checkpoint, name: string, maxBytes: number): Promise<number[]> {
  const bytes: number[] = [];
  for await (const chunk of checkpoint.chunks(name, maxBytes)) {
    expect(chunk.byteLength).toBeLessThanOrEqual(maxBytes);
    bytes.push(...chunk);
  }
  return bytes;
}

async function expectSame(checkpoint: Checkpoint, tensors: WrittenTensors): Promise<void> {
  expect([...checkpoint.tensors.keys()].sort()).toEqual([...tensors.keys()].sort());
  for (const [name, { dtype, shape, data }] of tensors) {
    const tensor = checkpoint.tensors.get(name)!;
    expect(tensor).toMatchObject({ type: dtype, shape, bytes: data.byteLength });
    expect(await tensor.read(0, tensor.bytes)).toEqual(data);
    expect(await gather(checkpoint, name, 7)).toEqual([...data]);
  }
}

test.each<SourceType>(['F32', 'F16', 'BF16'])('%s tensors are read as they were written', async dtype => {
  const { checkpoint, name, config, generation } = await openContents(goodFolder(CONFIG, dtype));
  const written = randomTensors(DECODER, dtype);
  await expectSame(checkpoint, written);
  expect(checkpoint.bytes).toBe([...written.values()].reduce((sum, { data }) => sum + data.byteLength, 0));
  expect([name, config, generation]).toEqual(['tiny', DECODER, { eos_token_id: [2, 1], bos_token_id: 1 }]);
});

test('shards are read as one', async () => {
  const { contents, index, shards } = shardedFolder();
  const { checkpoint } = await openContents(withIndex(contents, index));
  await expectSame(checkpoint, randomTensors(DECODER, 'BF16'));
  expect(new Set([...checkpoint.tensors.values()].map(({ file }) => file))).toEqual(new Set(shards));
});

test('one file goes before shards', async () => {
  const { contents, index } = shardedFolder();
  const both = new Map([...withIndex(contents, { ...index, weight_map: 'broken' }), ...goodFolder()]);
  await expectSame((await openContents(both)).checkpoint, randomTensors(DECODER, 'BF16'));
});

test.each([
  ['Llama with biases', { attention_bias: true }],
  ['Llama, untied', { tie_word_embeddings: false }],
  ['Qwen2', { model_type: 'qwen2' }],
  ['Qwen3, untied', { model_type: 'qwen3', tie_word_embeddings: false }],
])('%s', async (_, change) => {
  const config = { ...CONFIG, ...change };
  const { checkpoint } = await openContents(goodFolder(config));
  await expectSame(checkpoint, randomTensors(readConfig(config), 'BF16'));
});

test('opening reads headers only, and a piece reads no more than itself', async () => {
  const { source, reads } = watched(goodFolder());
  const checkpoint = await openCheckpoint(source, DECODER);
  const file = source.files.get('model.safetensors')!;
  const opening = reads.splice(0).reduce((sum, { bytes }) => sum + bytes, 0);
  expect(opening).toBeLessThanOrEqual(64 + file - checkpoint.bytes);
  await gather(checkpoint, 'model.embed_tokens.weight', 10);
  expect(reads.map(({ bytes }) => bytes)).toEqual([10, 10, 10, 10, 10, 10, 10, 10, 8]);
});

describe('what stands beside the parameters', () => {
  const withMore = (extra: WrittenTensors): Contents =>
    new Map([
      ...goodFolder(),
      ['model.safetensors', safetensorsFile(new Map([...randomTensors(DECODER, 'BF16'), ...extra]))],
    ]);

  test('a head of a tied model is left aside, and so are rotary frequencies', async () => {
    const data = new Uint8Array(4);
    const { checkpoint } = await openContents(
      withMore(
        new Map([
          ['lm_head.weight', { dtype: 'BF16', shape: [11, 4], data: new Uint8Array(88) }],
          ['model.layers.1.self_attn.rotary_emb.inv_freq', { dtype: 'F32', shape: [1], data }],
          ['model.rotary_emb.inv_freq', { dtype: 'F32', shape: [1], data }],
        ]),
      ),
    );
    await expectSame(checkpoint, randomTensors(DECODER, 'BF16'));
  });

  test('at most ten strangers are named', async () => {
    const strangers = Array.from({ length: 25 }, (_, i) => `stranger.${i}`);
    const tensor = { dtype: 'F32', shape: [1], data: new Uint8Array(4) } as const;
    const fault = await faultOfAsync(() =>
      openContents(withMore(new Map(strangers.map(name => [name, tensor])))),
    );
    expect(fault.code).toBe('E_MODEL_TENSOR_UNEXPECTED');
    expect(fault.message.match(/"stranger\.\d+"/g)).toHaveLength(10);
    expect(fault.message).toMatch(/25 tensors.* and 15 more$/);
  });
});

test('a file that shrinks while it is read is noticed', async () => {
  const { source } = watched(goodFolder(), bytes => bytes.slice(0, -1));
  expect(await faultOfAsync(() => openCheckpoint(source, DECODER))).toMatchObject({
    code: 'E_MODEL_READ',
    file: 'model.safetensors',
    place: 'bytes 0–64',
  });
});

test('pieces and ranges that cannot be are refused', async () => {
  const { checkpoint } = await openContents(goodFolder());
  await expect(gather(checkpoint, 'ghost', 8)).rejects.toThrow('no tensor ghost');
  await expect(gather(checkpoint, 'model.norm.weight', 1)).rejects.toThrow(RangeError);
  const { read, bytes } = checkpoint.tensors.get('model.norm.weight')!;
  for (const [begin, end] of [
    [-1, 4],
    [0, bytes + 1],
    [4, 2],
  ] as const)
    await expect(read(begin, end)).rejects.toThrow(RangeError);
});

test('the size of a model is that of its layout, whatever the depth', () => {
  for (const layers of [1, 2, 7]) {
    const config = { ...DECODER, layers, tied: false };
    const written = [...randomTensors(config, 'F16').values()];
    const values = written.map(({ shape }) => shape.reduce((product, extent) => product * extent, 1));
    const sum = (of: (i: number) => number): number => values.reduce((total, _, i) => total + of(i), 0);
    expect(modelSize(config, 'f32')).toEqual({
      parameters: sum(i => values[i]!),
      bytes: sum(i => 4 * values[i]!),
    });
    // Gains stay f32, and so do rows of six: they fill no whole vectors of four.
    expect(modelSize(config, 'f16').bytes).toBe(
      sum(i => (written[i]!.shape.length > 1 && written[i]!.shape[1]! % 4 === 0 ? 2 : 4) * values[i]!),
    );
  }
});
