import { Tokenizer } from '@huggingface/tokenizers';
import { CONTROL_TOKENS, CONTROL_IDS, type ControlIds } from './control-tokens.ts';
import type { LabTokenizer, WordInfo } from './lab-tokenizer.ts';
import { WORD_MARK } from './tokenizer-files.ts';

/** The embedded model's tokenizer. Text given to it never becomes a control token, whatever it spells. */
export interface WorldTokenizer extends LabTokenizer {
  readonly ids: ControlIds;
  readonly words: (text: string) => WordInfo[];
}

interface TokenizerJson {
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[];
}

/** Whether a parsed `tokenizer.json` has the embedded world's control tokens where its prompt builder expects them. */
export function isWorldTokenizer(json: unknown): json is TokenizerJson {
  const added = (json as Partial<TokenizerJson> | null)?.added_tokens;
  return (
    Array.isArray(added) &&
    CONTROL_TOKENS.every((content, id) => added.some(token => token.id === id && token.content === content))
  );
}

function requireWorldTokenizer(json: unknown): TokenizerJson {
  if (isWorldTokenizer(json)) return json;
  throw new Error(
    `tokenizer.json does not have the control tokens ${CONTROL_TOKENS.join(' ')} as ids 0–${CONTROL_TOKENS.length - 1}. ` +
      'Write the file again with tools/pretrain/write-tokenizer.ts.',
  );
}

const startsWord = (token: string): boolean => token.startsWith(WORD_MARK);

function groupWords(tokens: readonly string[], decode: (from: number, to: number) => string): WordInfo[] {
  const words: WordInfo[] = [];
  let start = 0;
  for (let end = 1; end <= tokens.length; end++) {
    if (end < tokens.length && !startsWord(tokens[end] as string)) continue;
    words.push({ word: decode(start, end), known: tokens[start] !== WORD_MARK, tokens: end - start });
    start = end;
  }
  return words;
}

/**
 * Loads the tokenizer from the parsed `tokenizer.json` and `tokenizer_config.json`; does no I/O itself. Throws unless the control tokens
 * are where the prompt builder expects them.
 */
export function createWorldTokenizer(tokenizerJson: unknown, tokenizerConfig: unknown): WorldTokenizer {
  const json = requireWorldTokenizer(tokenizerJson);
  const config = tokenizerConfig as object;
  // Without added tokens there is nothing for a text to match, so control ids cannot appear.
  const textOnly = new Tokenizer({ ...json, added_tokens: [] }, config);
  const control = new Set<number>(Object.values(CONTROL_IDS));
  const encode = (text: string): number[] => textOnly.encode(text, { add_special_tokens: false }).ids;
  const decode = (ids: readonly number[]): string => {
    const end = ids.indexOf(CONTROL_IDS.eos);
    const text = (end < 0 ? ids : ids.slice(0, end)).filter(id => !control.has(id));
    return text.length === 0 ? '' : textOnly.decode(text, { clean_up_tokenization_spaces: false });
  };
  return {
    vocabularySize: textOnly.get_vocab().size,
    ids: CONTROL_IDS,
    controlIds: control,
    endOfTurn: [CONTROL_IDS.eos],
    encode,
    decode,
    pieces: ids => ids.map(id => (textOnly.id_to_token(id) ?? '').replace(WORD_MARK, ' ')),
    words: text => {
      const { ids, tokens } = textOnly.encode(text, { add_special_tokens: false });
      return groupWords(tokens, (from, to) => decode(ids.slice(from, to)));
    },
  };
}
