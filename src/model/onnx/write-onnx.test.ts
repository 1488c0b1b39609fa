import * as runtime from 'onnxruntime-web';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { DecoderModel } from '../../reference/decoder.ts';
import { assertClose } from '../../testing/compare.ts';
import { FAMILY_GOLDENS, loadFamilyGolden } from '../../testing/family-golden.ts';
import { testRandom } from '../../testing/random.ts';
import { tinyModel } from '../../testing/tiny-decoder.ts';
import type { ToleranceName } from '../../testing/tolerances.ts';
import { PLAIN_LLAMA, readConfig, type DecoderConfig } from '../config.ts';
import { initialWeights } from '../initial-weights.ts';
import type { NamedArrays } from '../parameters.ts';
import { readSafetensors } from '../safetensors.ts';
import {
  emptyCache,
  engineModel,
  referenceLogits,
  referenceModel,
  roundedToHalf,
  runOnnx,
} from './onnx-fixture.ts';
import { writeOnnx, type OnnxOptions } from './write-onnx.ts';

const FOLDER = 'public/models/world-s';

interface Weights {
  readonly config: DecoderConfig;
  readonly arrays: NamedArrays;
}

/** Compiling the runtime's 14 MB of WebAssembly takes seconds on a busy machine. */
beforeAll(async () => {
  runtime.env.wasm.numThreads = 1;
  await open(tiny().weights);
}, 60_000);

const ones = (rows: readonly (readonly number[])[]): number[][] => rows.map(row => row.map(() => 1));

/** Opens the export of a model, with a short way to feed it. */
async function open({ config, arrays }: Weights, precision: OnnxOptions['precision'] = 'f32') {
  const file = writeOnnx(config, arrays, { precision });
  const session = await runtime.InferenceSession.create(file, {
    executionProviders: ['wasm'],
    logSeverityLevel: 4,
  });
  return {
    session,
    feed: (ids: number[][], mask = ones(ids), cache = emptyCache(runtime, config, ids.length)) =>
      runOnnx(runtime, session, ids, mask, cache),
  };
}

/** A decoder with odd sizes and one key-value head for three heads. The reference takes its weights as f32 holds them. */
function tiny(): { model: DecoderModel; weights: Weights } {
  const weights = engineModel(tinyModel({}, 1));
  return { model: referenceModel(weights.config, weights.arrays), weights };
}

/** One with groups of two, so that the order of heads within groups matters. */
function grouped(): { model: DecoderModel; weights: Weights } {
  const sizes = { vocab: 11, dim: 6, layers: 1, heads: 6, kvHeads: 3, headDim: 2, ffn: 5, contextLength: 64 };
  const config = { ...PLAIN_LLAMA, ...sizes, normEps: 1e-6, ropeTheta: 50, bos: 1, eos: [2], pad: 0 };
  const random = testRandom(7);
  // Ten times the usual scale, so that attention is far from uniform.
  const arrays = initialWeights(config, () => random.normal() * 10);
  return { model: referenceModel(config, arrays), weights: { config, arrays } };
}

function expectRows(
  found: readonly Float32Array[],
  expected: readonly Float64Array[],
  tolerance: ToleranceName,
  label: string,
): void {
  expect(found.length).toBe(expected.length);
  for (const [t, row] of expected.entries()) assertClose(found[t]!, row, tolerance, `${label}, token ${t}`);
}

describe.each([
  ['one key-value head', tiny],
  ['groups of two heads', grouped],
])('a decoder with %s in onnxruntime', (_, make) => {
  const sequences = [
    [1, 4, 2, 6, 3],
    [5, 0, 3],
  ];

  test('whole sequences, one and two at a time', async () => {
    const { model, weights } = make();
    const { feed } = await open(weights);
    const expected = referenceLogits(model, [sequences[0]!, sequences[0]!.toReversed()]);
    const one = await feed([sequences[0]!]);
    expectRows(one.logits[0]!, expected[0]!, 'f32Decoder', 'alone');
    const two = await feed([sequences[0]!, sequences[0]!.toReversed()]);
    for (const [s, rows] of expected.entries())
      expectRows(two.logits[s]!, rows, 'f32Decoder', `sequence ${s}`);
  });

  test('step by step and in pieces, with the cache', async () => {
    const { model, weights } = make();
    const { feed } = await open(weights);
    const ids = sequences[0]!;
    const expected = referenceLogits(model, [ids])[0]!;
    for (const pieces of [
      [1, 1, 1, 1, 1],
      [2, 3],
    ]) {
      let cache = emptyCache(runtime, weights.config, 1);
      let at = 0;
      for (const length of pieces) {
        const end = at + length;
        const result = await feed([ids.slice(at, end)], ones([ids.slice(0, end)]), cache);
        expectRows(result.logits[0]!, expected.slice(at, end), 'f32Decoder', `from ${at}`);
        cache = result.cache;
        at = end;
      }
    }
  });

  test('left padding changes nothing, whatever the pad tokens are, and stays finite itself', async () => {
    const { model, weights } = make();
    const { feed } = await open(weights);
    const expected = referenceLogits(model, sequences);
    const mask = [
      [1, 1, 1, 1],
      [0, 0, 1, 1],
    ];
    for (const pad of [0, 6]) {
      const prompt = await feed([sequences[0]!.slice(0, 4), [pad, pad, 5, 0]], mask);
      expectRows(prompt.logits[0]!, expected[0]!.slice(0, 4), 'f32Decoder', 'unpadded');
      expectRows(prompt.logits[1]!.slice(2), expected[1]!.slice(0, 2), 'f32Decoder', 'padded');
      for (const row of prompt.logits[1]!) expect(row.every(Number.isFinite)).toBe(true);
      const next = await feed(
        [[3], [3]],
        mask.map(row => [...row, 1]),
        prompt.cache,
      );
      expectRows(next.logits[0]!, expected[0]!.slice(4), 'f32Decoder', 'unpadded, next');
      expectRows(next.logits[1]!, expected[1]!.slice(2), 'f32Decoder', 'padded, next');
    }
  });
});

test('a position past the context is refused', async () => {
  const { weights } = tiny();
  const { feed } = await open(weights);
  const ids = new Array<number>(weights.config.contextLength + 1).fill(3);
  await expect(feed([ids])).rejects.toThrow(/rope/);
  expect((await feed([ids.slice(1)])).logits[0]!.length).toBe(weights.config.contextLength);
});

test('names, types and shapes are those of a decoder with KV cache', async () => {
  const { weights } = tiny();
  const { session } = await open(weights);
  const { kvHeads, headDim, vocab } = weights.config;
  const described = (metadata: typeof session.inputMetadata): string[] =>
    metadata.map(value =>
      value.isTensor ? `${value.name} ${value.type} ${value.shape.join(',')}` : value.name,
    );
  const cache = (prefix: string, length: string): string[] =>
    [0, 1].flatMap(layer =>
      ['key', 'value'].map(
        part => `${prefix}.${layer}.${part} float32 batch_size,${kvHeads},${length},${headDim}`,
      ),
    );
  expect(described(session.inputMetadata)).toEqual([
    'input_ids int64 batch_size,sequence_length',
    'attention_mask int64 batch_size,total_sequence_length',
    'position_ids int64 batch_size,sequence_length',
    ...cache('past_key_values', 'past_sequence_length'),
  ]);
  expect(described(session.outputMetadata)).toEqual([
    `logits float32 batch_size,sequence_length,${vocab}`,
    ...cache('present', 'total_sequence_length'),
  ]);
});

test('the embedded model agrees with the reference, in f16 with the reference of rounded weights', async () => {
  const [json, weights] = await Promise.all([
    readFile(`${FOLDER}/config.json`, 'utf8'),
    readFile(`${FOLDER}/model.safetensors`),
  ]);
  const config = readConfig(JSON.parse(json));
  const arrays = readSafetensors(new Uint8Array(weights), 'model.safetensors');
  const random = testRandom(3);
  const ids = Array.from({ length: 40 }, () => random.integer(config.vocab));
  const exact = referenceLogits(referenceModel(config, arrays), [ids])[0]!;
  const whole = await (await open({ config, arrays })).feed([ids]);
  expectRows(whole.logits[0]!, exact, 'f32Decoder', 'f32');

  const expected = referenceLogits(referenceModel(config, roundedToHalf(arrays)), [ids])[0]!;
  const halved = await open({ config, arrays }, 'f16');
  const prompt = await halved.feed([ids.slice(0, 39)]);
  expectRows(prompt.logits[0]!, expected.slice(0, 39), 'f32Decoder', 'f16');
  const next = await halved.feed([ids.slice(39)], ones([ids]), prompt.cache);
  expectRows(next.logits[0]!, expected.slice(39), 'f32Decoder', 'f16, next');
});

test.each(FAMILY_GOLDENS)('%s: logits of transformers, at once and continued from the cache', async name => {
  const golden = await loadFamilyGolden(name);
  const { config, weights: arrays } = golden;
  const { feed } = await open({ config, arrays });
  let row = 0;
  for (const ids of golden.cases.student.map(sequence => [...sequence])) {
    const expected = ids.map(() =>
      Float64Array.from(golden.logits.subarray(row * config.vocab, ++row * config.vocab)),
    );
    const whole = await feed([ids]);
    expectRows(whole.logits[0]!, expected, 'f32Decoder', 'at once');
    const start = await feed([ids.slice(0, 3)]);
    const rest = await feed([ids.slice(3)], ones([ids]), start.cache);
    expectRows(rest.logits[0]!, expected.slice(3), 'f32Decoder', 'continued');
  }
});

describe('refuses', () => {
  const { config, arrays } = tiny().weights;
  const changed = (
    changes: (copy: Map<string, { shape: readonly number[]; data: Float32Array<ArrayBuffer> }>) => void,
  ) => {
    const copy = new Map(arrays);
    changes(copy);
    return copy;
  };
  const name = 'model.layers.1.mlp.up_proj.weight';
  const { shape, data } = arrays.get(name)!;

  test.each<[string, NamedArrays, RegExp]>([
    ['a missing tensor', changed(copy => copy.delete(name)), /up_proj\.weight is missing/],
    [
      'a tensor that the decoder has not',
      changed(copy => copy.set('lm_head.weight', { shape, data })),
      /lm_head\.weight is no parameter/,
    ],
    [
      'a turned shape',
      changed(copy => copy.set(name, { shape: shape.toReversed(), data })),
      /has shape 5×9; the configuration needs 9×5/,
    ],
    [
      'data that does not fill its shape',
      changed(copy => copy.set(name, { shape, data: data.slice(1) })),
      /has 44 values/,
    ],
  ])('%s', (_, wrong, message) => {
    expect(() => writeOnnx(config, wrong, { precision: 'f32' })).toThrow(RangeError);
    expect(() => writeOnnx(config, wrong, { precision: 'f32' })).toThrow(message);
  });

  test.each([70_000, -Infinity, NaN])('%d as f16, but not as f32', value => {
    const large = changed(copy => copy.set(name, { shape, data: data.map((x, i) => (i === 2 ? value : x)) }));
    expect(() => writeOnnx(config, large, { precision: 'f16' })).toThrow(/up_proj\.weight has .* at 2/);
    expect(writeOnnx(config, large, { precision: 'f32' }).byteLength).toBeGreaterThan(0);
  });
});
