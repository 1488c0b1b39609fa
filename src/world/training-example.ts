/** Turns the world's texts into token ids; the chat prompt builder of the data room satisfies it. */
export interface PromptEncoder {
  /** `<bos> [<sys> constitution] <user> query <asst>`. */
  prompt(query: string, constitution: string | null): number[];
  /** The answer, ending with the end-of-turn token. */
  answer(text: string): number[];
}

/**
 * One training sequence: the prompt followed by the answer. Its loss is Σ w_t · CE_t over every position but the first, with the
 * weights below; a batch's loss is divided by the sum of its weights.
 */
export interface TrainingExample {
  readonly prompt: number[];
  readonly answer: number[];
  /** Weight of each prompt token (the first one is never predicted). */
  readonly promptWeight: number;
  /** Weight of the first answer token: the decision. */
  readonly firstWeight: number;
  /** Weight of the other answer tokens. */
  readonly restWeight: number;
}

/** A list of sequences of similar length, to be packed without padding. */
export interface TrainingBatch {
  readonly examples: readonly TrainingExample[];
  /** Prompt and answer tokens of all examples together. */
  readonly tokens: number;
}

export const exampleTokens = (example: TrainingExample): number =>
  example.prompt.length + example.answer.length;

/** Weight of position t of the sequence as a predicted token (t = 0 … tokens − 1). */
export function tokenWeight(example: TrainingExample, t: number): number {
  if (t === 0) return 0;
  if (t < example.prompt.length) return example.promptWeight;
  return t === example.prompt.length ? example.firstWeight : example.restWeight;
}

/**
 * Sorts a pool by length and cuts it into batches of at most `tokensPerBatch` tokens and nearly equal size, so that no batch
 * is a small remainder. Throws RangeError where the budget is under twice the longest example.
 */
export function cutIntoBatches(pool: readonly TrainingExample[], tokensPerBatch: number): TrainingBatch[] {
  const sorted = [...pool].sort((a, b) => exampleTokens(a) - exampleTokens(b));
  const longest = sorted.length > 0 ? exampleTokens(sorted[sorted.length - 1] as TrainingExample) : 0;
  if (tokensPerBatch < 2 * longest) {
    throw new RangeError(`tokensPerBatch is ${tokensPerBatch} but must be at least ${2 * longest}.`);
  }
  const total = sorted.reduce((sum, example) => sum + exampleTokens(example), 0);
  const target = total / Math.ceil(total / (tokensPerBatch - longest));
  const batches: TrainingBatch[] = [];
  let examples: TrainingExample[] = [];
  let tokens = 0;
  let done = 0;
  for (const example of sorted) {
    examples.push(example);
    tokens += exampleTokens(example);
    if (done + tokens < (batches.length + 1) * target - 1e-6) continue;
    batches.push({ examples, tokens });
    done += tokens;
    examples = [];
    tokens = 0;
  }
  if (examples.length > 0) batches.push({ examples, tokens });
  return batches;
}
