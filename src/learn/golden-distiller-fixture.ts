import { Gpu } from '../gpu/gpu.ts';
import { readConfig } from '../model/config.ts';
import { PROJECTIONS } from '../model/decoder-parameters.ts';
import type { LoraShape } from '../model/lora.ts';
import { requestTestDevice } from '../testing/gpu-fixture.ts';
import { GOLDEN_LORA, type Golden } from '../testing/golden.ts';
import { Distiller } from './distiller.ts';
import { Learner, loadModel } from './policy.ts';
import type { ScoredResponse } from './scored-pass.ts';

/** Leaves the weights as they are. */
export const STILL = { learningRate: 0, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0, clipNorm: 0 };

/** Room for the responses of a golden. */
export const GOLDEN_LIMITS = {
  responses: 3,
  promptTokens: 128,
  teacherPromptTokens: 128,
  responseTokens: 32,
};

export const GOLDEN_SHAPE: LoraShape = { ...GOLDEN_LORA, targets: PROJECTIONS };

/** The responses of a golden, with the prompts of student and teacher. */
export const goldenResponses = ({ cases }: Golden): ScoredResponse[] =>
  cases.response.map((response, i) => {
    const prompt = (ids: readonly number[]): Uint32Array => Uint32Array.from(ids.slice(0, -response.length));
    return {
      prompt: prompt(cases.student[i]!),
      teacherPrompt: prompt(cases.teacher[i]!),
      response: Uint32Array.from(response),
    };
  });

/** A golden's model as student and base, with the golden's adapter where `lora`. Release `gpu.memory`. */
export async function goldenDistiller(golden: Golden, lora: boolean) {
  const gpu = new Gpu(await requestTestDevice());
  const base = loadModel(gpu, gpu.memory, readConfig(golden.config), await golden.tensors('model'));
  const learner = new Learner(gpu, gpu.memory, base, { lora: lora ? GOLDEN_SHAPE : null, normal: () => 0 });
  if (lora) learner.trainable.upload(gpu, await golden.tensors('lora'));
  const distiller = new Distiller(gpu, gpu.memory, learner, GOLDEN_LIMITS);
  return { gpu, base, learner, distiller, responses: goldenResponses(golden) };
}
