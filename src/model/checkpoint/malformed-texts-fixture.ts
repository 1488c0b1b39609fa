import { cases, HTML, LFS, type Malformed } from './malformed-case-fixture.ts';
import { CONFIG, goodFolder, TOKENIZER, TOKENIZER_CONFIG } from './model-folder-fixture.ts';

const WEIGHTS = 'model.safetensors';

const config = (change: object): string => JSON.stringify({ ...CONFIG, ...change });

export const MALFORMED_CONFIGS = cases('config.json', [
  ['empty', 'E_MODEL_FILE_EMPTY', /byte 0/, () => ''],
  ['a web page', 'E_MODEL_HTML', /byte 0/, () => HTML],
  ['a Git LFS pointer', 'E_MODEL_LFS_POINTER', /byte 0/, () => LFS],
  ['two megabytes', 'E_MODEL_FILE_SIZE', null, () => ' '.repeat(2 ** 21)],
  ['a list', 'E_JSON_OBJECT', /byte 0/, () => '[]'],
  ['cut off', 'E_JSON_SYNTAX', null, () => config({}).slice(0, -1)],
  ['invalid UTF-8', 'E_JSON_ENCODING', /byte 2/, () => Uint8Array.of(0x7b, 0xc3, 0x28, 0x7d)],
  ['a byte order mark', 'E_JSON_ENCODING', /byte 0/, () => `\ufeff${config({})}`],
  ['UTF-16', 'E_JSON_ENCODING', /byte 0/, () => Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00)],
  ['a hundred thousand lists deep', 'E_JSON_DEPTH', /line 1, column/, () => `{"a":${'['.repeat(100_000)}`],
  [
    'a key twice',
    'E_JSON_DUPLICATE',
    /line 2, column 79/,
    () => config({}).replace('{', '{"vocab_size":5,\n'),
  ],
  [
    '__proto__',
    'E_JSON_KEY',
    /line 1, column 2/,
    () => config({}).replace('{', '{"__proto__":{"vocab_size":7},'),
  ],
  ['another family', 'E_MODEL_CONFIG', /model_type/, () => config({ model_type: 'gpt2' })],
  [
    '1e400 as a number',
    'E_MODEL_CONFIG',
    /rope_theta/,
    () => config({ rope_theta: 7 }).replace('7,', '1e400,'),
  ],
  ['no width', 'E_CONFIG_SIZE', /hidden_size/, () => config({ hidden_size: 0 })],
  ['half a layer', 'E_MODEL_CONFIG', /num_hidden_layers/, () => config({ num_hidden_layers: 0.5 })],
  ['a vocabulary of 10⁹', 'E_MODEL_TOO_LARGE', /vocab_size 1000000000/, () => config({ vocab_size: 1e9 })],
  ['10⁶ layers', 'E_MODEL_TOO_LARGE', /num_hidden_layers 1000000/, () => config({ num_hidden_layers: 1e6 })],
  ['heads of 10⁵', 'E_MODEL_TOO_LARGE', /head_dim 100000/, () => config({ head_dim: 1e5 })],
  [
    'a feed-forward of 10⁹',
    'E_MODEL_TOO_LARGE',
    /intermediate_size/,
    () => config({ intermediate_size: 1e9 }),
  ],
  [
    'everything absurd',
    'E_MODEL_TOO_LARGE',
    /hidden_size/,
    () => config({ vocab_size: 2 ** 52, hidden_size: 2 ** 52 }),
  ],
  ['a context of 10¹²', 'E_CONFIG_SIZE', /max_position/, () => config({ max_position_embeddings: 1e12 })],
  ['an end beyond the vocabulary', 'E_CONFIG_TOKEN_ID', /eos_token_id/, () => config({ eos_token_id: 11 })],
]);

/** The configuration opens by itself, and the weights do not fit it. */
export const MISFITS: Malformed[] = [
  {
    what: 'config.json: a layer more than the weights',
    code: 'E_MODEL_LAYERS',
    file: WEIGHTS,
    place: /model\.layers/,
    make: () => new Map([...goodFolder(), ['config.json', config({ num_hidden_layers: 3 })]]),
  },
  {
    what: 'config.json: another width than the weights',
    code: 'E_MODEL_TENSOR_SHAPE',
    file: WEIGHTS,
    place: /embed/,
    make: () => new Map([...goodFolder(), ['config.json', config({ hidden_size: 8 })]]),
  },
  {
    what: 'config.json: a head that the weights lack',
    code: 'E_MODEL_TENSOR_MISSING',
    file: WEIGHTS,
    place: /lm_head/,
    make: () => new Map([...goodFolder(), ['config.json', config({ tie_word_embeddings: false })]]),
  },
];

const tokenizer = (change: object): string => JSON.stringify({ ...TOKENIZER, ...change });
const vocabulary = (vocab: object): string => tokenizer({ model: { ...TOKENIZER.model, vocab } });

export const MALFORMED_TOKENIZERS = [
  ...cases('tokenizer.json', [
    ['no model', 'E_TOKENIZER_FORMAT', /model/, () => '{}'],
    [
      'a vocabulary of one text',
      'E_TOKENIZER_FORMAT',
      /model\.vocab/,
      () => tokenizer({ model: { vocab: 'a' } }),
    ],
    ['an id beyond the model', 'E_TOKENIZER_ID', /model\.vocab/, () => vocabulary({ a: 11 })],
    ['a negative id', 'E_TOKENIZER_ID', /model\.vocab/, () => vocabulary({ a: -1 })],
    ['a fractional id', 'E_TOKENIZER_ID', /model\.vocab/, () => vocabulary({ a: 1.5 })],
    ['an id that is a text', 'E_TOKENIZER_ID', /model\.vocab/, () => vocabulary({ a: '1' })],
    [
      'an added token beyond the model',
      'E_TOKENIZER_ID',
      /added_tokens\[0\]/,
      () => tokenizer({ added_tokens: [{ id: 99, content: '<x>' }] }),
    ],
    [
      'an added token without content',
      'E_TOKENIZER_FORMAT',
      /added_tokens\[0\]/,
      () => tokenizer({ added_tokens: [{ id: 1 }] }),
    ],
    [
      'more entries than the model',
      'E_MODEL_VOCABULARY',
      /model\.vocab/,
      () => vocabulary(Object.fromEntries(Array.from({ length: 12 }, (_, id) => [`w${id}`, id]))),
    ],
    ['a token twice', 'E_JSON_DUPLICATE', /line 1/, () => tokenizer({}).replace('"a":3', '"a":3,"a":4')],
  ]),
  ...cases('tokenizer_config.json', [
    [
      'a template of 300 kB',
      'E_TEMPLATE_SIZE',
      /chat_template/,
      () => JSON.stringify({ ...TOKENIZER_CONFIG, chat_template: 'x'.repeat(300_000) }),
    ],
    [
      'a template that is a number',
      'E_TEMPLATE_FORMAT',
      /chat_template\[1\]/,
      () => '{"chat_template":[{"template":"a"},{"template":1}]}',
    ],
    ['nine megabytes', 'E_MODEL_FILE_SIZE', null, () => ' '.repeat(9 * 2 ** 20)],
    ['cut off', 'E_JSON_SYNTAX', null, () => '{"chat_template":"'],
  ]),
  ...cases('chat_template.jinja', [
    ['300 kB', 'E_MODEL_FILE_SIZE', null, () => 'x'.repeat(300_000)],
    ['invalid UTF-8', 'E_TEMPLATE_FORMAT', null, () => Uint8Array.of(0x61, 0xff)],
    ['a web page', 'E_MODEL_HTML', /byte 0/, () => HTML],
  ]),
  ...cases('generation_config.json', [
    [
      'an end beyond the vocabulary',
      'E_GENERATION_TOKEN_ID',
      /eos_token_id/,
      () => '{"eos_token_id":[2,64]}',
    ],
    ['an end that is a text', 'E_GENERATION_TOKEN_ID', /eos_token_id/, () => '{"eos_token_id":"</s>"}'],
    ['a number', 'E_JSON_OBJECT', /byte 0/, () => '3'],
  ]),
];

/** What every folder needs. */
export const INCOMPLETE: Malformed[] = ['config.json', 'tokenizer.json', WEIGHTS].map(file => ({
  what: `${file}: not there`,
  code: 'E_MODEL_FILE_MISSING',
  file,
  place: null,
  make: () => new Map([...goodFolder()].filter(([path]) => path !== file)),
}));
