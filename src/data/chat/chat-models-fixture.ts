/** Small tokenizers and chat templates with the structure of well-known families. */
export interface ChatModelFixture {
  readonly tokenizer: Record<string, unknown>;
  readonly config: Record<string, unknown>;
  readonly eos: readonly number[];
}

const WORDS =
  'the how do I kill a Python process weeds bake bread rules never support harm system user assistant question answer Sure First Sorry cannot you are helpful';

/** Bytes as the byte-level BPE of GPT-2 writes them: printable ones as themselves, the others from U+0100 on. */
function byteAlphabet(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte >= 33 && byte <= 126) || (byte >= 161 && byte <= 172) || byte >= 174;
    return String.fromCodePoint(printable ? byte : next++);
  });
}

interface Vocabulary {
  readonly vocab: Record<string, number>;
  readonly merges: readonly (string | readonly [string, string])[];
}

/** An alphabet, and the merges that build words from the left, each with the mark of a leading space. */
function wordVocabulary(first: readonly string[], alphabet: readonly string[], blank: string): Vocabulary {
  const vocab: Record<string, number> = {};
  const add = (token: string): void => void (vocab[token] ??= Object.keys(vocab).length);
  [...first, ...alphabet].forEach(add);
  const merges = new Map<string, [string, string]>();
  for (const word of WORDS.split(' ').flatMap(text => [text, blank + text])) {
    const letters = [...word];
    let whole = letters[0]!;
    for (const letter of letters.slice(1)) {
      merges.set(`${whole} ${letter}`, [whole, letter]);
      whole += letter;
      add(whole);
    }
  }
  return { vocab, merges: [...merges.values()] };
}

interface Added {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
}

const addedEntry = (token: Added): object => ({
  single_word: false,
  lstrip: false,
  rstrip: false,
  normalized: false,
  ...token,
});

const splitThenBytes = (pattern: string): object => ({
  type: 'Sequence',
  pretokenizers: [
    { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false },
    { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
  ],
});

const QWEN_PATTERN = String.raw`(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`;
const LLAMA3_PATTERN = QWEN_PATTERN.replace(String.raw`\p{N}|`, String.raw`\p{N}{1,3}|`);

const byteLevelDecoder = { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true };

function bpe({ vocab, merges }: Vocabulary, rest: object = {}): object {
  return {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    ignore_merges: false,
    vocab,
    merges,
    ...rest,
  };
}

const CHATML =
  "{%- if messages[0]['role'] != 'system' %}{{ '<|im_start|>system\\nYou are a helpful assistant<|im_end|>\\n' }}{%- endif %}" +
  "{%- for message in messages %}{{ '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' + '\\n' }}{%- endfor %}" +
  "{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{%- endif %}";

/** Like SmolLM2: control tokens first in the vocabulary itself, single digits, ChatML with a default system message. */
export function smolLike(): ChatModelFixture {
  const names = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<repo_name>'];
  const vocabulary = wordVocabulary(names, byteAlphabet(), 'Ġ');
  return {
    tokenizer: {
      version: '1.0',
      added_tokens: names.map((content, id) => addedEntry({ id, content, special: true })),
      normalizer: null,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [
          { type: 'Digits', individual_digits: true },
          { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
        ],
      },
      post_processor: null,
      decoder: byteLevelDecoder,
      model: bpe(vocabulary),
    },
    config: {
      bos_token: '<|im_start|>',
      eos_token: '<|im_end|>',
      pad_token: '<|im_end|>',
      tokenizer_class: 'GPT2Tokenizer',
      clean_up_tokenization_spaces: false,
      chat_template: CHATML,
    },
    eos: [2],
  };
}

const QWEN3 =
  "{%- if messages[0].role == 'system' %}{{- '<|im_start|>system\\n' + messages[0].content + '<|im_end|>\\n' }}{%- endif %}" +
  '{%- set ns = namespace(last=messages|length - 1) %}' +
  '{%- for message in messages %}' +
  "{%- if message.role == 'user' or (message.role == 'system' and not loop.first) %}" +
  "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}" +
  "{%- elif message.role == 'assistant' %}{{- '<|im_start|>assistant\\n' }}" +
  "{%- if loop.index0 == ns.last %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}" +
  "{{- message.content.lstrip('\\n') + '<|im_end|>\\n' }}{%- endif %}{%- endfor %}" +
  "{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}" +
  "{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}{%- endif %}";

/** Like Qwen3: NFC, control tokens after the vocabulary, some of them not special, a thinking switch, two end-of-generation tokens. */
export function qwenLike(): ChatModelFixture {
  const vocabulary = wordVocabulary([], byteAlphabet(), 'Ġ');
  const base = Object.keys(vocabulary.vocab).length;
  const names = ['<|endoftext|>', '<|im_start|>', '<|im_end|>', '<think>', '</think>', '<tool_call>'];
  return {
    tokenizer: {
      version: '1.0',
      added_tokens: names.map((content, at) =>
        addedEntry({ id: base + at, content, special: content.startsWith('<|') }),
      ),
      normalizer: { type: 'NFC' },
      pre_tokenizer: splitThenBytes(QWEN_PATTERN),
      post_processor: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: false, use_regex: false },
      decoder: byteLevelDecoder,
      model: bpe({ ...vocabulary, merges: vocabulary.merges.map(pair => [pair].flat().join(' ')) }),
    },
    config: {
      bos_token: null,
      eos_token: '<|im_end|>',
      pad_token: '<|endoftext|>',
      tokenizer_class: 'Qwen2Tokenizer',
      clean_up_tokenization_spaces: false,
      chat_template: QWEN3,
    },
    eos: [base + 2, base],
  };
}

const LLAMA3 =
  "{{- bos_token }}{%- if not date_string is defined %}{%- set date_string = strftime_now('%d %b %Y') %}{%- endif %}" +
  "{%- if messages[0]['role'] == 'system' %}{%- set rules = messages[0]['content']|trim %}{%- set messages = messages[1:] %}" +
  "{%- else %}{%- set rules = '' %}{%- endif %}" +
  "{{- '<|start_header_id|>system<|end_header_id|>\\n\\nToday Date: ' + date_string + '\\n\\n' + rules + '<|eot_id|>' }}" +
  "{%- for message in messages %}{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' + message['content'] | trim + '<|eot_id|>' }}{%- endfor %}" +
  "{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}";

/** Like Llama 3: whole words, trimmed contents, begin of text, today's date, an end of turn that is not the end of text. */
export function llama3Like(): ChatModelFixture {
  const vocabulary = wordVocabulary([], byteAlphabet(), 'Ġ');
  const base = Object.keys(vocabulary.vocab).length;
  const names = [
    '<|begin_of_text|>',
    '<|end_of_text|>',
    '<|start_header_id|>',
    '<|end_header_id|>',
    '<|eot_id|>',
  ];
  return {
    tokenizer: {
      version: '1.0',
      added_tokens: names.map((content, at) => addedEntry({ id: base + at, content, special: true })),
      normalizer: null,
      pre_tokenizer: splitThenBytes(LLAMA3_PATTERN),
      post_processor: {
        type: 'TemplateProcessing',
        single: [{ SpecialToken: { id: names[0], type_id: 0 } }, { Sequence: { id: 'A', type_id: 0 } }],
        pair: [{ Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 0 } }],
        special_tokens: { [names[0]!]: { id: names[0], ids: [base], tokens: [names[0]] } },
      },
      decoder: byteLevelDecoder,
      model: bpe(vocabulary, { ignore_merges: true }),
    },
    config: {
      bos_token: '<|begin_of_text|>',
      eos_token: { __type: 'AddedToken', content: '<|eot_id|>' },
      tokenizer_class: 'PreTrainedTokenizerFast',
      clean_up_tokenization_spaces: true,
      chat_template: [{ name: 'default', template: LLAMA3 }],
    },
    eos: [base + 1, base + 4],
  };
}

const ZEPHYR =
  "{% for message in messages %}{% if message['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}" +
  "{{ '<|' + message['role'] + '|>\\n' + message['content'] + eos_token + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|assistant|>\\n' }}{% endif %}";

/**
 * Like TinyLlama: SentencePiece's word mark, byte fallback, control tokens in the vocabulary, here with a template without a system role.
 */
export function tinyLlamaLike(): ChatModelFixture {
  const names = ['<unk>', '<s>', '</s>'];
  const bytes = Array.from(
    { length: 256 },
    (_, byte) => `<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`,
  );
  const letters = Array.from({ length: 94 }, (_, at) => String.fromCodePoint(33 + at));
  const vocabulary = wordVocabulary([...names, ...bytes], ['\u2581', ...letters], '\u2581');
  return {
    tokenizer: {
      version: '1.0',
      added_tokens: names.map((content, id) => addedEntry({ id, content, special: true })),
      normalizer: {
        type: 'Sequence',
        normalizers: [
          { type: 'Prepend', prepend: '\u2581' },
          { type: 'Replace', pattern: { String: ' ' }, content: '\u2581' },
        ],
      },
      pre_tokenizer: null,
      post_processor: null,
      decoder: {
        type: 'Sequence',
        decoders: [
          { type: 'Replace', pattern: { String: '\u2581' }, content: ' ' },
          { type: 'ByteFallback' },
          { type: 'Fuse' },
          { type: 'Strip', content: ' ', start: 1, stop: 0 },
        ],
      },
      model: bpe(vocabulary, { unk_token: '<unk>', fuse_unk: true, byte_fallback: true }),
    },
    config: {
      bos_token: '<s>',
      eos_token: '</s>',
      unk_token: '<unk>',
      pad_token: '</s>',
      tokenizer_class: 'LlamaTokenizer',
      clean_up_tokenization_spaces: false,
      chat_template: ZEPHYR,
    },
    eos: [2],
  };
}

export const CHAT_MODELS: readonly (readonly [string, () => ChatModelFixture])[] = [
  ['SmolLM2-like', smolLike],
  ['Qwen3-like', qwenLike],
  ['Llama-3-like', llama3Like],
  ['TinyLlama-like', tinyLlamaLike],
];
