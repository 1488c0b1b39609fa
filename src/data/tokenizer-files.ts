import { CHAT_TEMPLATE } from './chat-template.ts';
import { CONTROL_IDS, CONTROL_TOKENS } from './control-tokens.ts';

/** Marks the beginning of a word (U+2581), as in SentencePiece. */
export const WORD_MARK = '\u2581';

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
/** Longest sequence the embedded models are meant for, in tokens. */
const MODEL_MAX_LENGTH = 512;
/** New tokens an answer may have; the world's longest answer has fewer. */
const MAX_NEW_TOKENS = 80;

const byteToken = (byte: number): string => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`;

/**
 * The vocabulary, in the order of the ids: control tokens, 256 bytes, the word mark, single letters and digits, punctuation,
 * whole words. Letters carry no word mark, so the pieces of an unknown word are never those of a known one.
 */
function buildVocabulary(words: readonly string[]): string[] {
  const entries = [
    ...CONTROL_TOKENS,
    ...Array.from({ length: 256 }, (_, byte) => byteToken(byte)),
    WORD_MARK,
    ...LETTERS,
    ...[...PUNCTUATION].map(mark => WORD_MARK + mark),
    ...words.map(word => WORD_MARK + word),
  ];
  if (new Set(entries).size !== entries.length) throw new Error('The vocabulary names an entry twice.');
  return entries;
}

/**
 * A Hugging Face `tokenizer.json`: NFKC and lower case; words and punctuation marks split, each with a word mark; a BPE model without
 * merges that matches whole entries first, else letters and bytes, so any text encodes.
 */
export function buildTokenizerJson(words: readonly string[]): object {
  const vocabulary = buildVocabulary(words);
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: CONTROL_TOKENS.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        { type: 'NFKC' },
        { type: 'Lowercase' },
        { type: 'Replace', pattern: { String: WORD_MARK }, content: ' ' },
      ],
    },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'BertPreTokenizer' },
        { type: 'Metaspace', replacement: WORD_MARK, prepend_scheme: 'always', split: true },
      ],
    },
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        { type: 'Replace', pattern: { String: WORD_MARK }, content: ' ' },
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        { type: 'Strip', content: ' ', start: 1, stop: 0 },
      ],
    },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: '<unk>',
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: true,
      ignore_merges: true,
      vocab: Object.fromEntries(vocabulary.map((entry, id) => [entry, id])),
      merges: [],
    },
  };
}

/** `tokenizer_config.json`, with the chat template that gives the ids of the prompt builder. */
export function buildTokenizerConfig(): object {
  const decoder = CONTROL_TOKENS.map((content, id) => [
    String(id),
    { content, lstrip: false, normalized: false, rstrip: false, single_word: false, special: true },
  ]);
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    added_tokens_decoder: Object.fromEntries(decoder) as object,
    bos_token: '<bos>',
    eos_token: '<eos>',
    pad_token: '<pad>',
    unk_token: '<unk>',
    additional_special_tokens: ['<sys>', '<user>', '<asst>'],
    clean_up_tokenization_spaces: false,
    model_max_length: MODEL_MAX_LENGTH,
    padding_side: 'left',
    chat_template: CHAT_TEMPLATE,
  };
}

/** `special_tokens_map.json`. */
export const buildSpecialTokensMap = (): object => ({
  bos_token: '<bos>',
  eos_token: '<eos>',
  pad_token: '<pad>',
  unk_token: '<unk>',
  additional_special_tokens: ['<sys>', '<user>', '<asst>'],
});

/** `generation_config.json`: sampling at temperature 1, ended by `<eos>`. */
export const buildGenerationConfig = (): object => ({
  bos_token_id: CONTROL_IDS.bos,
  eos_token_id: CONTROL_IDS.eos,
  pad_token_id: CONTROL_IDS.pad,
  do_sample: true,
  temperature: 1,
  top_k: 0,
  top_p: 1,
  max_new_tokens: MAX_NEW_TOKENS,
});
