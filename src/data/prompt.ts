import type { WorldTokenizer } from './tokenizer.ts';

/** Builds the embedded model's sequences from ids, so that no text can add a control token. */
export interface PromptBuilder {
  /** `<bos> [<sys> constitution] <user> query <asst>`; a null or blank constitution is left out. */
  prompt(query: string, constitution: string | null): number[];
  /** The ids of an answer and `<eos>`. */
  answer(text: string): number[];
}

/** The prompt builder of a tokenizer; satisfies the world's `PromptEncoder`. */
export function createPromptBuilder(tokenizer: WorldTokenizer): PromptBuilder {
  const { ids, encode } = tokenizer;
  return {
    prompt: (query, constitution) => {
      const rules = constitution === null ? [] : encode(constitution);
      return [
        ids.bos,
        ...(rules.length > 0 ? [ids.sys, ...rules] : []),
        ids.user,
        ...encode(query),
        ids.asst,
      ];
    },
    answer: text => [...encode(text), ids.eos],
  };
}
