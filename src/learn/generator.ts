import type { Decoder } from '../model/decoder-forward.ts';
import type { Rollout, Sampling } from '../model/rollout-types.ts';
import type { ExternalModel } from '../teacher/external-model.ts';
import type { RolloutEngine } from './rollout.ts';
import type { Scorer } from './teachers.ts';

/** Generates answers to prompts, `slots` at a time. */
export interface AnswerGenerator {
  readonly slots: number;
  write(prompts: readonly Uint32Array[], sampling: Sampling, maxNewTokens: number): Promise<Rollout[]>;
}

/** Batch size of an external model. */
const EXTERNAL_SLOTS = 32;

export const decoderGenerator = (engine: RolloutEngine, decoder: Decoder): AnswerGenerator => ({
  slots: engine.capacity.slots,
  write: (prompts, sampling, maxNewTokens) => engine.run(decoder, prompts, sampling, maxNewTokens),
});

export const externalGenerator = (model: ExternalModel): AnswerGenerator => ({
  slots: EXTERNAL_SLOTS,
  write: (prompts, sampling, maxNewTokens) => model.generate(prompts, sampling, maxNewTokens),
});

export const scorerGenerator = (engine: RolloutEngine, scorer: Scorer): AnswerGenerator =>
  scorer.kind === 'decoder' ? decoderGenerator(engine, scorer.decoder) : externalGenerator(scorer.model);

/**
 * Answers any number of prompts at temperature 1, `slots` at a time. Row i of a slice draws from the stream `stream` + the slice's
 * first index, so answers do not depend on the order of calls.
 */
export async function generateAll(
  generator: AnswerGenerator,
  prompts: readonly Uint32Array[],
  { seed, stream, maxNewTokens }: { seed: number; stream: number; maxNewTokens: number },
): Promise<Rollout[]> {
  const answers: Rollout[] = [];
  for (let start = 0; start < prompts.length; start += generator.slots) {
    const slice = prompts.slice(start, start + generator.slots);
    const sampling = { temperature: 1, topK: 0, topP: 1, seed, stream: stream + start };
    answers.push(...(await generator.write(slice, sampling, maxNewTokens)));
  }
  return answers;
}
