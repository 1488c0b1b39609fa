import { loadModel } from '../../src/distill/policy.ts';
import { RolloutEngine } from '../../src/distill/rollout.ts';
import { openGpu } from '../../src/gpu/device.ts';
import { normalFrom } from '../../src/model/random.ts';
import { Rng } from '../../src/world/rng.ts';
import { embeddedModel } from './embedded-model.ts';
import type { DeviceMeter } from './gpu-meter.ts';
import { secondsOf, type BenchPart } from './report.ts';
import { median, summarise } from './statistics.ts';

const ROLLOUTS = 16;
const NEW_TOKENS = 72;
const PROMPT_TOKENS = 24;

/**
 * Batches of rollouts at temperature 1 from random prompts. No row ends early: the end-of-turn id is none of the vocabulary, so
 * all rounds do the same work.
 */
export async function rolloutPart(
  meterOf: (device: GPUDevice) => DeviceMeter,
  embeddedWeights: boolean,
): Promise<BenchPart> {
  const rng = new Rng(2);
  const model = await embeddedModel(
    embeddedWeights,
    normalFrom(() => rng.float()),
  );
  const config = { ...model.config, eos: 2 ** 32 - 1 };
  const gpu = await openGpu(navigator.gpu);
  const meter = meterOf(gpu.device);
  const { decoder } = loadModel(gpu, gpu.memory, config, model.weights);
  const engine = new RolloutEngine(gpu, gpu.memory, config, {
    ...{ slots: ROLLOUTS, maxPromptTokens: PROMPT_TOKENS, maxNewTokens: NEW_TOKENS },
  });
  await engine.prepare(decoder);
  const prompts = Array.from({ length: ROLLOUTS }, () =>
    Uint32Array.from({ length: PROMPT_TOKENS }, () => rng.int(config.vocab)),
  );
  let stream = 0;
  const batch = async (): Promise<void> => {
    const sampling = { temperature: 1, topK: 0, topP: 1, seed: 1, stream: stream++ };
    const rollouts = await engine.run(decoder, prompts, sampling, NEW_TOKENS);
    if (rollouts.some(({ tokens }) => tokens.length !== NEW_TOKENS))
      throw new Error(`A rollout ended before ${NEW_TOKENS} tokens, so rounds would differ in work.`);
  };
  await batch();
  const seconds: number[] = [];
  const mappings: number[] = [];
  return {
    round: async () => {
      meter.restart();
      seconds.push(await secondsOf(batch));
      mappings.push(meter.mappings);
    },
    report: () => ({
      rollout: {
        tokensPerSecond: median(seconds.map(each => (ROLLOUTS * NEW_TOKENS) / each)),
        readbacksPerToken: median(mappings) / NEW_TOKENS,
        mappings: median(mappings),
        ...{ positions: NEW_TOKENS, rollouts: ROLLOUTS, model: model.description },
        seconds: summarise(seconds),
      },
    }),
  };
}
