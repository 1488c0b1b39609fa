import { LabError } from '../contract/errors.ts';
import { allocating, type Memory } from '../gpu/memory.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import type { LoraTensors } from '../model/lora.ts';
import type { OpenModel } from '../assets/open-model.ts';
import { RolloutEngine } from '../learn/rollout.ts';

/** Answers sampled at once: hardware benefits from large batches, software does not. */
const SLOTS = { software: 32, hardware: 128 } as const;

export type Prompt = Uint32Array<ArrayBuffer>;

export const promptOf = ({ prompts }: OpenModel, query: string, constitution: string | null): Prompt =>
  Uint32Array.from(prompts.prompt(query, constitution));

/** Who answers, and with which random numbers: prompt i draws from (seed, stream + i − row, row), row = i mod the batch size. */
export interface Answering {
  readonly decoder: Decoder;
  readonly seed: number;
  readonly stream: number;
}

/**
 * A rollout engine for prompts of up to `longest` tokens, owned by `memory`.
 * @throws LabError when prompt and answer may exceed the model's context; OutOfGpuMemoryError.
 */
export async function answerEngine(
  { gpu, config }: OpenModel,
  memory: Memory,
  options: {
    longest: number;
    prompts: number;
    maxNewTokens: number;
    lora: LoraTensors | undefined;
  },
): Promise<RolloutEngine> {
  const { longest, prompts, maxNewTokens, lora } = options;
  if (longest + maxNewTokens > config.contextLength)
    throw new LabError({
      code: 'E_CONSTITUTION_TOO_LONG',
      message: `the longest prompt and its answer may take ${longest + maxNewTokens} tokens; the model reads ${config.contextLength}`,
      consequence: 'Nothing was answered, and nothing was truncated.',
      nextStep: 'Switch off some clauses, or allow fewer new tokens.',
    });
  const slots = Math.max(1, Math.min(prompts, SLOTS[gpu.tuning.software ? 'software' : 'hardware']));
  const capacity = { slots, maxPromptTokens: longest, maxNewTokens };
  return await allocating(gpu.device, 'the answers', () => {
    return new RolloutEngine(gpu, memory, config, capacity, lora);
  });
}

/** Answers prompts in order at temperature 1, as text; yields the number answered after every batch. */
export async function* answerTexts(
  engine: RolloutEngine,
  { tokenizer }: Pick<OpenModel, 'tokenizer'>,
  prompts: readonly Prompt[],
  { decoder, seed, stream }: Answering,
): AsyncGenerator<number, string[], undefined> {
  const { slots, maxNewTokens } = engine.capacity;
  const texts: string[] = [];
  for (let start = 0; start < prompts.length; start += slots) {
    const sampling = { temperature: 1, topK: 0, topP: 1, seed, stream: stream + start };
    const rollouts = await engine.run(decoder, prompts.slice(start, start + slots), sampling, maxNewTokens);
    texts.push(...rollouts.map(({ tokens }) => tokenizer.decode([...tokens])));
    yield texts.length;
  }
  return texts;
}
