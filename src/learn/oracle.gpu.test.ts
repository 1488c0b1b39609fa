import { expect, test } from 'vitest';
import { Gpu } from '../gpu/gpu.ts';
import { readConfig } from '../model/config.ts';
import { PROJECTIONS } from '../model/decoder-parameters.ts';
import { decoderForward } from '../reference/decoder-forward.ts';
import type { Divergence } from '../settings/objectives.ts';
import { assertClose } from '../testing/compare.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { GOLDEN_LORA, goldenBatch, loadGolden, referenceModel } from '../testing/golden.ts';
import { oracleLossAndGradients } from '../testing/oracle-jax.ts';
import { Distiller } from './distiller.ts';
import { Learner, loadModel } from './policy.ts';
import { columnMean } from './token-metrics.ts';
import { METRIC } from '../kernels/divergence/divergence-rows.ts';
import { divergenceStep } from './train-step.ts';

const OPTIMIZER = { learningRate: 0, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: 0 };

/** The whole engine's loss and gradients beside those that jax-js derives for the same weights and tokens. */
async function compareWithOracle(objective: Divergence, temperature: number, lora: boolean) {
  const golden = await loadGolden('odd');
  const gpu = new Gpu(await requestTestDevice());
  const base = loadModel(gpu, gpu.memory, readConfig(golden.config), await golden.tensors('model'));
  const shape = lora ? { ...GOLDEN_LORA, targets: PROJECTIONS } : null;
  const learner = new Learner(gpu, gpu.memory, base, { lora: shape, normal: () => 0 });
  if (lora) learner.trainable.upload(gpu, await golden.tensors('lora'));
  const distiller = new Distiller(gpu, gpu.memory, learner, {
    responses: 3,
    promptTokens: 128,
    teacherPromptTokens: 128,
    responseTokens: 32,
  });
  const { cases } = golden;
  const responses = cases.response.map((response, i) => {
    const prompt = (ids: readonly number[]): Uint32Array =>
      Uint32Array.from(ids.slice(0, ids.length - response.length));
    const [student, teacher] = [cases.student[i]!, cases.teacher[i]!];
    return { prompt: prompt(student), teacherPrompt: prompt(teacher), response: Uint32Array.from(response) };
  });
  const { metrics } = await divergenceStep(distiller, { kind: 'decoder', decoder: base.decoder }, responses, {
    loss: { objective, temperature },
    optimizer: OPTIMIZER,
  });
  const gradients = await learner.gradientSet.download(gpu);
  gpu.memory.release();

  const model = await referenceModel(golden, { lora });
  const teacher = goldenBatch(golden, 'teacher');
  const student = goldenBatch(golden, 'student');
  const { logits: teacherLogits } = decoderForward(await referenceModel(golden), teacher.batch, teacher.rows);
  const oracle = await oracleLossAndGradients({
    model,
    batch: student.batch,
    rows: student.rows,
    targets: student.targets,
    weights: Float64Array.from(student.targets, () => 1 / student.targets.length),
    objective: { ...objective, temperature, teacherLogits },
  });
  assertClose([columnMean(metrics, METRIC.loss)], [oracle.loss], 'f32Decoder', 'loss');
  for (const [name, { data }] of gradients)
    assertClose(data, oracle.gradients.get(name) ?? [], 'f32Decoder', name);
  return gradients.size;
}

test('reverse KL: loss and every gradient as jax-js derives them', async () => {
  expect(await compareWithOracle({ kind: 'reverse-kl' }, 1, false)).toBe(20);
});

test('forward KL at τ = 1.6: loss and every gradient as jax-js derives them', async () => {
  expect(await compareWithOracle({ kind: 'forward-kl' }, 1.6, false)).toBe(20);
});

test('JSD(.5) at τ = .7 through LoRA: loss and every adapter gradient as jax-js derives them', async () => {
  expect(await compareWithOracle({ kind: 'jsd', beta: 0.5 }, 0.7, true)).toBe(28);
});
