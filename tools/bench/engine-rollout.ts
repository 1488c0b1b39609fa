import { loadModel } from '../../src/learn/policy.ts';
import { RolloutEngine } from '../../src/learn/rollout.ts';
import type { Gpu } from '../../src/gpu/gpu.ts';
import type { EmbeddedModel } from './embedded-model.ts';
import { NEW_TOKENS, PROMPT_TOKENS, ROLLOUTS, type Generator } from './rollout-task.ts';

/** This engine's rollouts, as a run makes them: log-probability and entropy of every token included. */
export async function engineRollout(gpu: Gpu, model: EmbeddedModel): Promise<Generator> {
  const config = { ...model.config, eos: [2 ** 32 - 1] };
  const { decoder } = loadModel(gpu, gpu.memory, config, model.weights);
  const engine = new RolloutEngine(gpu, gpu.memory, config, {
    slots: ROLLOUTS,
    maxPromptTokens: PROMPT_TOKENS,
    maxNewTokens: NEW_TOKENS,
  });
  await engine.prepare(decoder);
  let stream = 0;
  return {
    device: gpu.device,
    generate: async (prompts, { newTokens, sample }) => {
      const sampling = { temperature: sample ? 1 : 0, topK: 0, topP: 1, seed: 1, stream: stream++ };
      const rollouts = await engine.run(decoder, prompts, sampling, newTokens);
      return rollouts.map(({ tokens }) => tokens);
    },
  };
}
