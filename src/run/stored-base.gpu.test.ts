import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { wordsOf } from '../gpu/tensor.ts';
import type { DecoderConfig } from '../model/config.ts';
import { decoderLayout, PROJECTIONS, TABLES } from '../model/decoder-parameters.ts';
import { FrozenWeights } from '../model/frozen-weights.ts';
import type { NamedArrays } from '../model/parameters.ts';
import type { WeightStorage } from '../model/weight-storage.ts';
import { unpackF16, unpackQ8 } from '../reference/weight-storage.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { testRandom } from '../testing/random.ts';
import { Distiller } from '../learn/distiller.ts';
import { STILL } from '../learn/golden-distiller-fixture.ts';
import type { ScoredResponse } from '../learn/scored-pass.ts';
import { NARROW_SHAPE, randomCheckpoint, TINY_SHAPE } from './plan-memory-fixture.ts';
import { frozenModel, Learner, loadModel, type FrozenModel } from '../learn/policy.ts';
import { divergenceStep } from '../learn/train-step.ts';

const LORA = { rank: 4, alpha: 8, targets: PROJECTIONS };
const LIMITS = { responses: 3, promptTokens: 9, teacherPromptTokens: 14, responseTokens: 6 };
/** So small that the table is split into several shards. */
const BINDING = 48 * 1_024;

/** The values of every parameter as kernels read them. */
async function storedValues(gpu: Gpu, weights: FrozenWeights): Promise<NamedArrays> {
  const arrays = new Map<string, { shape: readonly number[]; data: Float32Array<ArrayBuffer> }>();
  for (const { name, shape, length } of weights.layout.entries) {
    const data = new Float32Array(length);
    for (const { tensor, first } of weights.table(name).shards) {
      const words = await gpu.readback.u32(wordsOf(tensor));
      const values =
        tensor.dtype === 'q8'
          ? unpackQ8(words)
          : tensor.dtype === 'f16'
            ? unpackF16(words)
            : new Float32Array(words.buffer);
      data.set(values, first * (shape[1] ?? 1));
    }
    arrays.set(name, { shape, data });
  }
  return arrays;
}

function randomResponses({ vocab }: DecoderConfig): ScoredResponse[] {
  const random = testRandom(5);
  const tokens = (length: number): Uint32Array<ArrayBuffer> =>
    Uint32Array.from({ length }, () => random.integer(vocab));
  return Array.from({ length: LIMITS.responses }, (_, i) => ({
    prompt: tokens(9 - i),
    teacherPrompt: tokens(14 - 2 * i),
    response: tokens(6 - i),
  }));
}

async function learnOnce(gpu: Gpu, base: FrozenModel) {
  const { config } = base.decoder;
  const random = testRandom(6);
  const learner = new Learner(gpu, gpu.memory, base, { lora: LORA, normal: () => random.normals(1)[0]! });
  // B is initially zero, so A would have no gradient.
  const { all } = learner.trainable;
  gpu.write(all, Float32Array.from(testRandom(7).normals(all.length, 0.1)));
  const distiller = new Distiller(gpu, gpu.memory, learner, LIMITS);
  const { metrics } = await divergenceStep(
    distiller,
    { kind: 'decoder', decoder: base.decoder },
    randomResponses(config),
    { loss: { objective: { kind: 'forward-kl' }, temperature: 1 }, optimizer: STILL },
  );
  return { metrics: metrics.columns, gradients: await learner.gradientSet.download(gpu) };
}

test.each([
  ['dim 96', TINY_SHAPE, 'f16', 'f16'],
  ['dim 96', TINY_SHAPE, 'q8', 'q8'],
  ['dim 60', NARROW_SHAPE, 'q8', 'f16'],
] as const)(
  'an adapter on a base of %s, requested as $2, learns as on the same values in f32',
  async (_, config, storage: WeightStorage, found) => {
    const gpu = new Gpu(await requestTestDevice());
    const weights = new FrozenWeights(gpu, gpu.memory, decoderLayout(config), {
      storage,
      tables: TABLES,
      bindingLimit: BINDING,
    });
    await weights.fillFrom(randomCheckpoint(config));
    const { shards } = weights.table('model.embed_tokens.weight');
    expect(shards.length).toBeGreaterThan(1);
    expect(shards[0]!.tensor.dtype).toBe(found);
    const stored = await learnOnce(gpu, frozenModel(gpu, gpu.memory, config, weights));
    const whole = loadModel(gpu, gpu.memory, config, await storedValues(gpu, weights));
    const plain = await learnOnce(gpu, whole);
    assertClose(stored.metrics, plain.metrics, 'f32Decoder', 'metrics');
    for (const [name, { data }] of plain.gradients)
      assertClose(stored.gradients.get(name)!.data, data, 'f32Decoder', name);
    gpu.memory.release();
  },
);

test('full fine-tuning of a base that is not f32, or is in shards, is refused', async () => {
  const gpu = new Gpu(await requestTestDevice());
  const learnerOn = (storage: WeightStorage): Learner => {
    const weights = new FrozenWeights(gpu, gpu.memory, decoderLayout(TINY_SHAPE), {
      storage,
      tables: TABLES,
      bindingLimit: storage === 'f32' ? BINDING : Infinity,
    });
    const base = frozenModel(gpu, gpu.memory, TINY_SHAPE, weights);
    return new Learner(gpu, gpu.memory, base, { lora: null, normal: () => 0 });
  };
  expect(() => learnerOn('q8')).toThrow('is stored as q8: train an adapter, or load the weights as f32');
  expect(() => learnerOn('f32')).toThrow('model.embed_tokens.weight lies in 12 shards');
  gpu.memory.release();
});
