/** Rollouts of a batch, tokens of each prompt, and tokens that are generated after it. */
export const ROLLOUTS = 16;
export const PROMPT_TOKENS = 24;
export const NEW_TOKENS = 72;

export interface Generation {
  /** At most `NEW_TOKENS`. */
  readonly newTokens: number;
  /** Whether to draw from all tokens at temperature 1; else the most likely token is taken. */
  readonly sample: boolean;
}

/** Something that holds the model and answers prompts. */
export interface Generator {
  /** The device whose use is counted. */
  readonly device: GPUDevice;
  /**
   * Answers to prompts of `PROMPT_TOKENS` tokens, as one batch, prefill included. Each has exactly `newTokens` tokens: none of the
   * vocabulary ends an answer. Resolves once the tokens are on the CPU.
   */
  generate(prompts: readonly Uint32Array[], generation: Generation): Promise<readonly ArrayLike<number>[]>;
}

/** Share of the answers that are the same, token by token. @throws RangeError when there are not as many of both, or none. */
export function equalShare(a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number {
  if (a.length !== b.length || a.length === 0)
    throw new RangeError(`${a.length} answers cannot be compared with ${b.length}`);
  const equal = a.filter((answer, row) => {
    const other = Array.from(b[row]!);
    return answer.length === other.length && other.every((token, i) => token === answer[i]);
  });
  return equal.length / a.length;
}
