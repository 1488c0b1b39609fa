import { beforeAll, describe, expect, it } from 'vitest';
import { crossEntropy } from '../reference/cross-entropy.ts';
import { decoderBackward } from '../reference/decoder-backward.ts';
import { decoderForward } from '../reference/decoder-forward.ts';
import type { DecoderModel } from '../reference/decoder.ts';
import { divergence, type DivergenceOptions } from '../reference/divergence.ts';
import { assertClose } from './compare.ts';
import { goldenBatch, loadGolden, referenceModel, type Golden, type GoldenBatch } from './golden.ts';
import { oracleLossAndGradients, type OracleObjective } from './oracle-jax.ts';

/** Reference and automatic differentiation share no code path from logits to gradients: agreement checks both. */
describe('reference against automatic differentiation: odd', () => {
  let golden: Golden;
  let model: DecoderModel;
  let student: GoldenBatch;
  let teacherLogits: Float64Array;
  let weights: Float64Array;

  beforeAll(async () => {
    golden = await loadGolden('odd');
    model = await referenceModel(golden);
    student = goldenBatch(golden, 'student');
    const teacher = goldenBatch(golden, 'teacher');
    teacherLogits = decoderForward(model, teacher.batch, teacher.rows).logits;
    weights = Float64Array.from(student.rows, (_, r) => 0.01 * (r % 4));
  });

  async function expectAgreement(trained: DecoderModel, objective: OracleObjective): Promise<void> {
    const { batch, rows, targets } = student;
    const { vocab } = trained.config;
    const forward = decoderForward(trained, batch, rows);
    const { loss, dlogits } =
      objective.kind === 'cross-entropy'
        ? crossEntropy(forward.logits, targets, weights, vocab)
        : divergence({ student: forward.logits, teacher: teacherLogits, targets, weights, vocab }, objective);
    const gradients = decoderBackward(trained, forward, dlogits);
    const oracle = await oracleLossAndGradients({ model: trained, ...student, weights, objective });
    assertClose([loss], [oracle.loss], 'autodiff', 'loss');
    expect([...gradients.keys()].sort()).toEqual([...oracle.gradients.keys()].sort());
    for (const [name, expected] of oracle.gradients) {
      assertClose(gradients.get(name)!, expected, 'autodiff', name);
    }
  }

  const kinds: DivergenceOptions[] = [
    { kind: 'reverse-kl' },
    { kind: 'forward-kl', temperature: 1.6 },
    { kind: 'jsd', beta: 0.5, temperature: 0.7 },
  ];

  it.each(kinds)('agrees on loss and every gradient of $kind', async options => {
    await expectAgreement(model, { ...options, teacherLogits });
  });

  it('agrees on loss and every gradient of cross-entropy', async () => {
    await expectAgreement(model, { kind: 'cross-entropy' });
  });

  it('agrees on loss and every gradient with an adapter', async () => {
    const adapted = await referenceModel(golden, { lora: true });
    await expectAgreement(adapted, { kind: 'jsd', beta: 0.5, teacherLogits });
  });
});
