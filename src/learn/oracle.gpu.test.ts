import { expect, test } from 'vitest';
import { decoderForward } from '../reference/decoder-forward.ts';
import type { Divergence } from '../settings/objectives.ts';
import { assertClose } from '../testing/compare.ts';
import { goldenBatch, loadGolden, referenceModel } from '../testing/golden.ts';
import { oracleLossAndGradients } from '../testing/oracle-jax.ts';
import { columnMean } from './token-metrics.ts';
import { METRIC } from '../kernels/divergence/divergence-rows.ts';
import { goldenDistiller, STILL } from './golden-distiller-fixture.ts';
import { divergenceStep } from './train-step.ts';

/** The whole engine's loss and gradients beside those that jax-js derives for the same weights and tokens. */
async function compareWithOracle(objective: Divergence, temperature: number, lora: boolean) {
  const golden = await loadGolden('odd');
  const { gpu, base, learner, distiller, responses } = await goldenDistiller(golden, lora);
  const { metrics } = await divergenceStep(distiller, { kind: 'decoder', decoder: base.decoder }, responses, {
    loss: { objective, temperature },
    optimizer: STILL,
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
