import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { decoderLayout, PROJECTIONS, TABLES } from '../model/decoder-parameters.ts';
import { FrozenWeights } from '../model/frozen-weights.ts';
import type { LoraShape } from '../model/lora.ts';
import type { WeightStorage } from '../model/weight-storage.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { testRandom } from '../testing/random.ts';
import { allocateRun } from './allocate-run.ts';
import { NARROW_SHAPE, randomCheckpoint, TINY_SHAPE } from './plan-memory-fixture.ts';
import { planMemory } from './plan-memory.ts';
import { frozenModel } from '../learn/policy.ts';
import { columnMean } from '../learn/token-metrics.ts';
import { METRIC } from '../kernels/divergence/divergence-rows.ts';
import { divergenceStep } from '../learn/train-step.ts';

const OPTIMIZER = { learningRate: 5e-3, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: 1 };
const SIZE = { responses: 4, slots: 4, promptTokens: 24, teacherPromptTokens: 40, maxNewTokens: 24 };
const LORA: LoraShape = { rank: 8, alpha: 16, targets: PROJECTIONS };
/** So small that the tables are split into several shards. */
const BINDING = 48 * 1_024;

/** Counts the bytes of all buffers created while `work` runs. */
async function bytesMade(device: GPUDevice, work: () => Promise<void>): Promise<number> {
  let bytes = 0;
  const original = device.createBuffer.bind(device);
  device.createBuffer = descriptor => {
    bytes += descriptor.size;
    return original(descriptor);
  };
  try {
    await work();
  } finally {
    device.createBuffer = original;
  }
  return bytes;
}

test.each([
  ['wide', TINY_SHAPE, 'q8', true],
  ['wide', TINY_SHAPE, 'f16', false],
  ['narrow', NARROW_SHAPE, 'q8', true],
] as const)(
  '$0 model, $2: training an adapter takes within a tenth of the forecast',
  async (_, config, storage: WeightStorage, recompute) => {
    const device = await requestTestDevice();
    const plan = planMemory({
      ...SIZE,
      config,
      storage,
      lora: LORA,
      recompute,
      limits: { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: BINDING },
    });
    const made = await bytesMade(device, async () => {
      const gpu = new Gpu(device);
      const weights = new FrozenWeights(gpu, gpu.memory, decoderLayout(config), {
        storage,
        tables: TABLES,
        bindingLimit: BINDING,
      });
      await weights.fillFrom(randomCheckpoint(config));
      const base = frozenModel(gpu, gpu.memory, config, weights);
      expect(base.decoder.weights.embedding.shards.length).toBeGreaterThan(1);
      const random = testRandom(12);
      const run = allocateRun(
        gpu,
        gpu.memory,
        base,
        { ...SIZE, lora: LORA, recompute },
        { normal: () => random.normals(1)[0]!, openings: [3, 4] },
      );
      expect(gpu.memory.peakBytes).toBe(plan.peakBytes);
      const prompt = (length: number): Uint32Array =>
        Uint32Array.from({ length }, () => random.integer(config.vocab));
      const prompts = Array.from({ length: SIZE.responses }, () => prompt(SIZE.promptTokens));
      const sampling = { temperature: 1, topK: 0, topP: 1, seed: 1, stream: 1 };
      const answers = await run.rollouts.run(run.learner.decoder, prompts, sampling, SIZE.maxNewTokens);
      const responses = answers.map(({ tokens }, i) => ({
        prompt: prompts[i]!,
        teacherPrompt: prompt(SIZE.teacherPromptTokens),
        response: tokens,
      }));
      const teacher = { kind: 'decoder', decoder: base.decoder } as const;
      const divergence = [];
      for (let step = 0; step < 8; step++) {
        const { metrics } = await divergenceStep(run.distiller, teacher, responses, {
          loss: { objective: { kind: 'reverse-kl' }, temperature: 1 },
          optimizer: OPTIMIZER,
        });
        divergence.push(columnMean(metrics, METRIC.reverseKl));
      }
      expect(divergence.every(Number.isFinite)).toBe(true);
      expect(divergence.at(-1)!).toBeLessThan(0.9 * divergence[0]!);
      expect([...(await run.refusalProbe.measure(run.learner.decoder, prompts))].every(Number.isFinite)).toBe(
        true,
      );
      gpu.memory.release();
    });
    expect(made / plan.peakBytes).toBeGreaterThan(0.9);
    expect(made / plan.peakBytes).toBeLessThan(1.1);
  },
);
