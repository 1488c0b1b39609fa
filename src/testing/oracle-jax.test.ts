import { beforeAll, describe, expect, it } from 'vitest';
import { crossEntropy } from '../reference/cross-entropy.ts';
import { decoderBackward } from '../reference/decoder-backward.ts';
import { decoderForward } from '../reference/decoder-forward.ts';
import type { DecoderModel } from '../reference/decoder.ts';
import { divergence, type DivergenceOptions } from '../reference/divergence.ts';
import { packSequences, predictingRows } from '../reference/packed-batch.ts';
import { policyGradient } from '../reference/policy-gradient.ts';
import { assertClose } from './compare.ts';
import { goldenBatch, loadGolden, referenceModel, type Golden, type GoldenBatch } from './golden.ts';
import { oracleLossAndGradients, type OracleObjective } from './oracle-jax.ts';
import { tinyAdapter, tinyModel, type TinyVariant } from './tiny-decoder.ts';

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
        : objective.kind === 'policy-gradient'
          ? policyGradient(forward.logits, targets, objective.advantage, weights, vocab, objective)
          : divergence(
              { student: forward.logits, teacher: teacherLogits, targets, weights, vocab },
              objective,
            );
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
    { kind: 'skew-forward', lambda: 0.1, temperature: 1.6 },
    { kind: 'skew-reverse', lambda: 0.3, temperature: 0.7 },
    { kind: 'alpha', alpha: 0.3, temperature: 1.6 },
    { kind: 'alpha', alpha: 0.8 },
    { kind: 'reverse-kl', topK: 5, temperature: 0.7 },
    { kind: 'forward-kl', topK: 5 },
    { kind: 'jsd', beta: 0.3, topK: 9 },
    { kind: 'skew-forward', lambda: 0.1, topK: 3 },
    { kind: 'skew-reverse', lambda: 0.1, topK: 3 },
    { kind: 'alpha', alpha: 0.6, topK: 3 },
  ];

  it.each(kinds)('agrees on loss and every gradient of %o', async options => {
    await expectAgreement(model, { ...options, teacherLogits });
  });

  it('agrees on loss and every gradient of clipped tokens', async () => {
    const { rows, targets, batch } = student;
    const { logits } = decoderForward(model, batch, rows);
    const inputs = { student: logits, teacher: teacherLogits, targets, weights, vocab: model.config.vocab };
    const losses = [...divergence(inputs, { kind: 'reverse-kl' }).rowLoss].sort((a, b) => a - b);
    const middle = losses.length >> 1;
    const tokenClip = (losses[middle]! + losses[middle - 1]!) / 2;
    await expectAgreement(model, { kind: 'reverse-kl', tokenClip, teacherLogits });
  });

  it('agrees on loss and every gradient of the clipped ratio with an anchor', async () => {
    const { rows, targets, batch } = student;
    const { logits } = decoderForward(model, batch, rows);
    const nll = crossEntropy(logits, targets, weights, model.config.vocab).rowLoss;
    const near = (spread: number) => nll.map((value, r) => spread * Math.sin(1 + 7 * r) - value);
    await expectAgreement(model, {
      kind: 'policy-gradient',
      advantage: nll.map((_, r) => Math.cos(3 * r)),
      proximal: { clipRatio: 0.2, oldLogProb: near(0.5) },
      anchor: { weight: 0.05, referenceLogProb: near(1) },
    });
  });

  it('agrees on loss and every gradient of cross-entropy', async () => {
    await expectAgreement(model, { kind: 'cross-entropy' });
  });

  it('agrees on loss and every gradient with an adapter', async () => {
    const adapted = await referenceModel(golden, { lora: true });
    await expectAgreement(adapted, { kind: 'jsd', beta: 0.5, teacherLogits });
  });
});

it.each<[string, TinyVariant]>([
  ['with attention bias and a head of its own', { attentionBias: true, tied: false }],
  ['with norms of the heads', { headNorm: true }],
])('agrees on every gradient of a decoder %s, adapter included', async (_, variant) => {
  const base = tinyModel(variant, 5);
  const model = { ...base, adapter: tinyAdapter(base.config, 6) };
  const sequences = [
    [1, 4, 2, 0, 4],
    [2, 2, 6],
  ];
  const batch = packSequences(sequences);
  const rows = predictingRows(sequences, [3, 2]);
  const targets = [3, 1, 0, 5, 6];
  const weights = Float64Array.from(targets, () => 0.2);
  const forward = decoderForward(model, batch, rows);
  const { loss, dlogits } = crossEntropy(forward.logits, targets, weights, model.config.vocab);
  const oracle = await oracleLossAndGradients({
    model,
    batch,
    rows,
    targets,
    weights,
    objective: { kind: 'cross-entropy' },
  });
  assertClose([loss], [oracle.loss], 'autodiff', 'loss');
  const gradients = decoderBackward(model, forward, dlogits);
  expect([...gradients.keys()].sort()).toEqual([...oracle.gradients.keys()].sort());
  for (const [name, expected] of oracle.gradients)
    assertClose(gradients.get(name)!, expected, 'autodiff', name);
});
