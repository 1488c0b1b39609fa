import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { createWorkspace } from '../model/activations.ts';
import { readConfig, type DecoderConfig } from '../model/config.ts';
import { initialWeights } from '../model/initial-weights.ts';
import type { LoraShape } from '../model/lora.ts';
import type { NamedArrays } from '../model/parameters.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { loadGolden } from '../testing/golden.ts';
import { testRandom } from '../testing/random.ts';
import { GOLDEN_LIMITS, GOLDEN_SHAPE, goldenResponses, STILL } from './golden-distiller-fixture.ts';
import { Distiller } from './distiller.ts';
import { Learner, loadModel } from './policy.ts';
import { shouldRecompute } from './scored-pass.ts';
import { divergenceStep } from './train-step.ts';

const ROWS = 3 * (128 + 32);

type Shape = 'llama' | 'qwen3';

/** The golden's decoder; or a random one of its sizes with all that Qwen adds: biases, norms of heads, a head of its own. */
async function modelOf(shape: Shape): Promise<{ config: DecoderConfig; arrays: NamedArrays }> {
  const golden = await loadGolden('odd');
  const llama = readConfig(golden.config);
  if (shape === 'llama') return { config: llama, arrays: await golden.tensors('model') };
  const config = { ...llama, family: shape, attentionBias: true, qkNorm: true, tied: false } as const;
  const random = testRandom(3);
  return { config, arrays: initialWeights(config, () => random.normals(1)[0]!) };
}

/** Gradients and metrics of one step on the golden's responses, and the bytes that teacher and student took. */
async function learnOnce(model: Shape, adapter: LoraShape | null, recompute: boolean, share: boolean) {
  const golden = await loadGolden('odd');
  const gpu = new Gpu(await requestTestDevice());
  const { config, arrays } = await modelOf(model);
  const base = loadModel(gpu, gpu.memory, config, arrays);
  const learner = new Learner(gpu, gpu.memory, base, { lora: adapter, normal: () => 0 });
  if (adapter) learner.trainable.upload(gpu, await golden.tensors('lora'));
  const { lora } = learner.decoder;
  const before = gpu.memory.bytes;
  const workspace = share
    ? createWorkspace(gpu.memory, config, { label: 'shared', rows: ROWS, lora })
    : undefined;
  const distiller = new Distiller(gpu, gpu.memory, learner, GOLDEN_LIMITS, { recompute, workspace });
  const bytes = gpu.memory.bytes - before;
  const { metrics } = await divergenceStep(
    distiller,
    { kind: 'decoder', decoder: base.decoder },
    goldenResponses(golden),
    {
      loss: { objective: { kind: 'reverse-kl' }, temperature: 1 },
      optimizer: STILL,
    },
  );
  const gradients = await gpu.readback.f32(learner.gradientSet.all);
  gpu.memory.release();
  return { gradients, metrics: metrics.columns, bytes };
}

test.each([
  ['an adapter on', 'llama', GOLDEN_SHAPE],
  ['an adapter on', 'qwen3', GOLDEN_SHAPE],
  ['all weights of', 'llama', null],
  ['all weights of', 'qwen3', null],
] as const)(
  'activations computed again give the same gradients, bit for bit: %s a %s',
  async (_, model, adapter) => {
    const kept = await learnOnce(model, adapter, false, false);
    expect(kept.gradients.some(value => value !== 0)).toBe(true);
    const again = await learnOnce(model, adapter, true, false);
    assertClose(again.gradients, kept.gradients, 'exact', 'gradients');
    assertClose(again.metrics, kept.metrics, 'exact', 'metrics');
    const shared = await learnOnce(model, adapter, true, true);
    assertClose(shared.gradients, kept.gradients, 'exact', 'gradients on a shared workspace');
    assertClose(shared.metrics, kept.metrics, 'exact', 'metrics on a shared workspace');
    expect(again.bytes).toBeLessThan(kept.bytes);
    expect(shared.bytes).toBeLessThan(again.bytes);
  },
);

test('adapters on large models compute activations again, small ones and full training keep them', async () => {
  const golden = await loadGolden('odd');
  const gpu = new Gpu(await requestTestDevice());
  const base = loadModel(gpu, gpu.memory, readConfig(golden.config), await golden.tensors('model'));
  const { decoder } = new Learner(gpu, gpu.memory, base, { lora: GOLDEN_SHAPE, normal: () => 0 });
  expect(shouldRecompute(decoder, ROWS)).toBe(false);
  expect(shouldRecompute(decoder, 1_000 * ROWS)).toBe(true);
  expect(shouldRecompute(base.decoder, 1_000 * ROWS)).toBe(false);
  gpu.memory.release();
});

test('a workspace that is too small for a pass is refused', async () => {
  const golden = await loadGolden('odd');
  const gpu = new Gpu(await requestTestDevice());
  const config = readConfig(golden.config);
  const base = loadModel(gpu, gpu.memory, config, await golden.tensors('model'));
  const learner = new Learner(gpu, gpu.memory, base, { lora: GOLDEN_SHAPE, normal: () => 0 });
  const { lora } = learner.decoder;
  const workspace = createWorkspace(gpu.memory, config, { label: 'shared', rows: ROWS - 1, lora });
  expect(() => new Distiller(gpu, gpu.memory, learner, GOLDEN_LIMITS, { workspace })).toThrow(
    'teacher takes 480 tokens; the workspace has room for 479',
  );
  gpu.memory.release();
});
