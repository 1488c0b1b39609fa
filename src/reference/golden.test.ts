import { beforeAll, describe, expect, it } from 'vitest';
import { assertClose } from '../testing/compare.ts';
import { goldenBatch, loadGolden, referenceModel, widened } from '../testing/golden.ts';
import type { Golden, GoldenBatch, GoldenName } from '../testing/golden.ts';
import { adamwStep, clipScale, globalNorm } from './adamw.ts';
import { crossEntropy } from './cross-entropy.ts';
import { decoderBackward } from './decoder-backward.ts';
import { decoderForward } from './decoder-forward.ts';
import type { DecoderModel, Gradients } from './decoder.ts';
import { divergence, type DivergenceOptions } from './divergence.ts';

interface Scene {
  golden: Golden;
  model: DecoderModel;
  student: GoldenBatch;
  vocab: number;
  weights: Float64Array;
  teacherLogits: Float64Array;
}

async function openScene(name: GoldenName): Promise<Scene> {
  const golden = await loadGolden(name);
  const model = await referenceModel(golden);
  const student = goldenBatch(golden, 'student');
  const teacher = goldenBatch(golden, 'teacher');
  const weights = new Float64Array(student.rows.length).fill(1 / student.rows.length);
  const teacherLogits = decoderForward(model, teacher.batch, teacher.rows).logits;
  return { golden, model, student, vocab: model.config.vocab, weights, teacherLogits };
}

/** Divergence of `model` from the scene's teacher, and its gradients. */
function trainingLoss(scene: Scene, model: DecoderModel, options: DivergenceOptions) {
  const { student, teacherLogits, weights, vocab } = scene;
  const forward = decoderForward(model, student.batch, student.rows);
  const inputs = {
    student: forward.logits,
    teacher: teacherLogits,
    targets: student.targets,
    weights,
    vocab,
  };
  const result = divergence(inputs, options);
  return { ...result, gradients: () => decoderBackward(model, forward, result.dlogits) };
}

function assertGradients(actual: Gradients, expected: ReadonlyMap<string, Float64Array>): void {
  for (const [name, tensor] of expected) {
    assertClose(actual.get(name) ?? [], tensor, 'goldenGradient', name);
  }
}

describe.each(['odd', 'world-s'] as const)('reference against PyTorch: %s', name => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene(name);
  });

  it('gives the logits', () => {
    const { golden, student, model, vocab } = scene;
    const first = golden.cases.response[0]!.length;
    const { logits } = decoderForward(model, student.batch, student.rows.slice(first, first + 3));
    assertClose(logits, golden.cases.studentLogits1.flat(), 'goldenLogits');
    expect(logits.length).toBe(3 * vocab);
  });

  it('gives every divergence, per token and in the mean', () => {
    const all = Object.entries(scene.golden.cases.divergences);
    expect(all.length).toBe(8);
    for (const [label, { kind, tau, beta, loss, perToken }] of all) {
      const result = trainingLoss(scene, scene.model, { kind, beta, temperature: tau });
      assertClose(result.rowLoss, perToken, 'goldenScalar', label);
      assertClose([result.loss], [loss], 'goldenScalar', label);
    }
  });

  it('gives the cross-entropy', () => {
    const { student, model, weights, vocab, golden } = scene;
    const { logits } = decoderForward(model, student.batch, student.rows);
    const { loss } = crossEntropy(logits, student.targets, weights, vocab);
    assertClose([loss], [golden.cases.crossEntropy], 'goldenScalar');
  });

  it('gives every gradient of the reverse KL', async () => {
    const expected = widened(await scene.golden.tensors('grads-reverse-kl'));
    const gradients = trainingLoss(scene, scene.model, { kind: 'reverse-kl' }).gradients();
    expect([...expected.keys()].sort()).toEqual([...scene.model.parameters.keys()].sort());
    assertGradients(gradients, expected);
  });
});

describe('reference against PyTorch: more of odd', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene('odd');
  });

  it('gives every gradient of the forward KL and of the cross-entropy', async () => {
    const { golden, model, student, weights, vocab } = scene;
    assertGradients(
      trainingLoss(scene, model, { kind: 'forward-kl' }).gradients(),
      widened(await golden.tensors('grads-forward-kl')),
    );
    const forward = decoderForward(model, student.batch, student.rows);
    const { dlogits } = crossEntropy(forward.logits, student.targets, weights, vocab);
    assertGradients(
      decoderBackward(model, forward, dlogits),
      widened(await golden.tensors('grads-cross-entropy')),
    );
  });

  it('gives loss and every gradient of the adapter', async () => {
    const { golden } = scene;
    const adapted = await referenceModel(golden, { lora: true });
    const result = trainingLoss(scene, adapted, { kind: 'reverse-kl' });
    assertClose([result.loss], [golden.cases.loraLoss], 'goldenScalar');
    const expected = widened(await golden.tensors('grads-lora-reverse-kl'));
    expect([...expected.keys()].sort()).toEqual([...adapted.adapter!.matrices.keys()].sort());
    assertGradients(result.gradients(), expected);
  });

  it('follows ten steps of AdamW with clipping', () => {
    const { golden, model } = scene;
    const { adamw } = golden.cases;
    const options = {
      learningRate: adamw.lr,
      beta1: adamw.betas[0],
      beta2: adamw.betas[1],
      eps: adamw.eps,
      weightDecay: adamw.weightDecay,
    };
    const slots = [...model.parameters].map(([name, start]) => ({
      name,
      parameter: Float64Array.from(start),
      moments: [new Float64Array(start.length), new Float64Array(start.length)] as const,
    }));
    const trained = { ...model, parameters: new Map(slots.map(s => [s.name, s.parameter])) };
    const losses: number[] = [];
    const norms: number[] = [];
    for (let step = 1; step <= adamw.losses.length; step++) {
      const result = trainingLoss(scene, trained, { kind: 'reverse-kl' });
      const gradients = result.gradients();
      losses.push(result.loss);
      norms.push(globalNorm(gradients.values()));
      const scale = clipScale(norms.at(-1)!, adamw.clip);
      for (const { name, parameter, moments } of slots) {
        adamwStep(
          parameter,
          gradients.get(name)!.map(g => g * scale),
          ...moments,
          step,
          options,
        );
      }
    }
    assertClose(losses, adamw.losses, 'goldenTrajectory', 'losses');
    assertClose(norms, adamw.gradNorms, 'goldenTrajectory', 'gradient norms');
  });
});
