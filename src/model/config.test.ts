import { describe, expect, test } from 'vitest';
import { FAMILY_GOLDENS, loadFamilyGolden } from '../testing/family-golden.ts';
import { fillerToken, PLAIN_LLAMA, readConfig, UnsupportedConfigError, writeConfig } from './config.ts';
import { decoderLayout } from './decoder-parameters.ts';

/** The least that a file must contain. */
const SIZES = {
  hidden_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  intermediate_size: 64,
  vocab_size: 97,
};
const llama = (fields: object = {}): unknown => ({ model_type: 'llama', ...SIZES, ...fields });
const qwen = (version: 2 | 3, fields: object = {}): unknown => ({
  model_type: `qwen${version}`,
  num_key_value_heads: 2,
  eos_token_id: 2,
  ...SIZES,
  ...fields,
});

test.each<[string, object, object]>([
  [
    'a Llama 3.2 in the older layout',
    {
      model_type: 'llama',
      hidden_size: 2048,
      num_hidden_layers: 16,
      num_attention_heads: 32,
      head_dim: 64,
      num_key_value_heads: 8,
      intermediate_size: 8192,
      vocab_size: 128256,
      rms_norm_eps: 1e-5,
      max_position_embeddings: 131072,
      rope_theta: 500000,
      tie_word_embeddings: true,
      pretraining_tp: 1,
      bos_token_id: 128000,
      eos_token_id: [128001, 128008, 128009],
      attention_bias: false,
      mlp_bias: false,
      rope_scaling: {
        factor: 32,
        high_freq_factor: 4,
        low_freq_factor: 1,
        rope_type: 'llama3',
        original_max_position_embeddings: 8192,
      },
    },
    {
      ...PLAIN_LLAMA,
      vocab: 128256,
      dim: 2048,
      layers: 16,
      heads: 32,
      kvHeads: 8,
      headDim: 64,
      ffn: 8192,
      normEps: 1e-5,
      ropeTheta: 500000,
      contextLength: 131072,
      bos: 128000,
      pad: null,
      eos: [128001, 128008, 128009],
      ropeScaling: { factor: 32, lowFreqFactor: 1, highFreqFactor: 4, originalContextLength: 8192 },
    },
  ],
  [
    'a Qwen2.5 Instruct',
    {
      model_type: 'qwen2',
      hidden_size: 896,
      num_hidden_layers: 24,
      num_attention_heads: 14,
      num_key_value_heads: 2,
      intermediate_size: 4864,
      vocab_size: 151936,
      rms_norm_eps: 1e-6,
      max_position_embeddings: 32768,
      rope_theta: 1000000,
      tie_word_embeddings: true,
      bos_token_id: 151643,
      eos_token_id: 151645,
      use_sliding_window: false,
      sliding_window: 32768,
      max_window_layers: 21,
      hidden_act: 'silu',
    },
    {
      family: 'qwen2',
      attentionBias: true,
      qkNorm: false,
      tied: true,
      ropeScaling: null,
      vocab: 151936,
      dim: 896,
      layers: 24,
      heads: 14,
      kvHeads: 2,
      headDim: 64,
      ffn: 4864,
      normEps: 1e-6,
      ropeTheta: 1000000,
      contextLength: 32768,
      bos: 151643,
      eos: [151645],
      pad: null,
    },
  ],
  [
    'a Qwen3 with heads of their own width',
    {
      model_type: 'qwen3',
      hidden_size: 1024,
      num_hidden_layers: 28,
      num_attention_heads: 16,
      head_dim: 128,
      num_key_value_heads: 8,
      intermediate_size: 3072,
      vocab_size: 151936,
      rms_norm_eps: 1e-6,
      max_position_embeddings: 40960,
      rope_theta: 1000000,
      rope_scaling: null,
      tie_word_embeddings: true,
      bos_token_id: 151643,
      eos_token_id: 151645,
      attention_bias: false,
      sliding_window: null,
    },
    {
      family: 'qwen3',
      attentionBias: false,
      qkNorm: true,
      tied: true,
      ropeScaling: null,
      vocab: 151936,
      dim: 1024,
      layers: 28,
      heads: 16,
      kvHeads: 8,
      headDim: 128,
      ffn: 3072,
      normEps: 1e-6,
      ropeTheta: 1000000,
      contextLength: 40960,
      bos: 151643,
      eos: [151645],
      pad: null,
    },
  ],
  [
    'a Llama that leaves out what may be left out',
    llama() as object,
    {
      ...PLAIN_LLAMA,
      tied: false,
      vocab: 97,
      dim: 48,
      layers: 2,
      heads: 4,
      kvHeads: 4,
      headDim: 12,
      ffn: 64,
      normEps: 1e-6,
      ropeTheta: 10000,
      contextLength: 2048,
      bos: 1,
      eos: [2],
      pad: null,
    },
  ],
  [
    'a Qwen3 that does',
    qwen(3, { num_attention_heads: 64, num_key_value_heads: undefined }) as object,
    {
      family: 'qwen3',
      heads: 64,
      kvHeads: 32,
      headDim: 128,
      tied: false,
      attentionBias: false,
      contextLength: 32768,
      bos: null,
    },
  ],
])('reads %s', (_, json, config) => {
  expect(readConfig(json)).toMatchObject(config);
  expect(readConfig(writeConfig(readConfig(json)))).toEqual(readConfig(json));
});

test('key-value heads that are null are as many as heads, as in transformers', () => {
  expect(readConfig(qwen(2, { num_key_value_heads: null })).kvHeads).toBe(4);
});

describe('RoPE', () => {
  const scaling = {
    rope_type: 'llama3',
    factor: 8,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 32,
  };
  const scaled = { factor: 8, lowFreqFactor: 1, highFreqFactor: 4, originalContextLength: 32 };

  test.each<[string, object, object]>([
    ['beside each other', { rope_theta: 7, rope_scaling: scaling }, { ropeTheta: 7, ropeScaling: scaled }],
    ['in one', { rope_parameters: { rope_theta: 7, ...scaling } }, { ropeTheta: 7, ropeScaling: scaled }],
    [
      'with the older name of the type, and the context for the length of training',
      {
        max_position_embeddings: 32,
        rope_scaling: {
          ...scaling,
          rope_type: undefined,
          type: 'llama3',
          original_max_position_embeddings: null,
        },
      },
      { ropeTheta: 10_000, ropeScaling: scaled },
    ],
    [
      'plain',
      { rope_parameters: { rope_type: 'default', rope_theta: 7 } },
      { ropeTheta: 7, ropeScaling: null },
    ],
    [
      'null',
      { rope_scaling: null, rope_theta: 7, rope_parameters: null },
      { ropeTheta: 7, ropeScaling: null },
    ],
  ])('base and scaling %s', (_, fields, expected) => {
    expect(readConfig(llama(fields))).toMatchObject(expected);
  });

  test.each<[object, RegExp]>([
    [
      { rope_scaling: { type: 'linear', factor: 2 } },
      /rope_scaling\.type is "linear"; supported: default, llama3/,
    ],
    [{ rope_parameters: { rope_type: 'yarn' } }, /rope_parameters\.rope_type is "yarn"/],
    [{ rope_scaling: { ...scaling, factor: 0 } }, /rope_scaling\.factor is 0; a positive number/],
    [
      { rope_scaling: { ...scaling, high_freq_factor: 1 } },
      /high_freq_factor is 1; more than low_freq_factor 1/,
    ],
    [
      { rope_scaling: { ...scaling, low_freq_factor: undefined } },
      /low_freq_factor is null; a positive number/,
    ],
    [{ partial_rotary_factor: 0.5 }, /partial_rotary_factor is 0\.5; only 1 is supported/],
    [{ rope_parameters: { partial_rotary_factor: 0.5 } }, /rope_parameters\.partial_rotary_factor is 0\.5/],
    [{ rope_scaling: 3 }, /rope_scaling is not an object/],
  ])('refuses %o', (fields, message) => {
    expect(() => readConfig(llama(fields))).toThrow(UnsupportedConfigError);
    expect(() => readConfig(llama(fields))).toThrow(message);
  });
});

test.each<[unknown, RegExp]>([
  [null, /not an object/],
  [[], /not an object/],
  [SIZES, /model_type is null; supported: llama, qwen2, qwen3/],
  [llama({ model_type: 'mixtral' }), /model_type is "mixtral"; supported: llama, qwen2, qwen3/],
  [llama({ hidden_act: 'gelu' }), /hidden_act is "gelu"; only "silu" is supported/],
  [llama({ mlp_bias: true }), /mlp_bias is true; only false is supported/],
  [qwen(2, { use_sliding_window: true }), /use_sliding_window is true; only false/],
  [
    qwen(3, { layer_types: ['full_attention', 'sliding_attention'] }),
    /layer_types is .*only "full_attention"/,
  ],
  [llama({ quantization_config: { bits: 4 } }), /quantization_config is \{"bits":4\}; only null/],
  [llama({ hidden_size: undefined }), /hidden_size is null; a whole number is needed/],
  [llama({ hidden_size: '48' }), /hidden_size is "48"; a whole number is needed/],
  [llama({ hidden_size: 50 }), /head_dim is null; a whole number is needed, not 12\.5/],
  [llama({ head_dim: 7 }), /head_dim is 7; .*odd/],
  [llama({ num_key_value_heads: 3 }), /4 heads cannot share 3 key-value heads/],
  [llama({ tie_word_embeddings: 'yes' }), /tie_word_embeddings is "yes"; true or false/],
  [llama({ rms_norm_eps: 0 }), /rms_norm_eps is 0; a positive number/],
  [llama({ eos_token_id: [1, 2, 3, 4, 5] }), /eos_token_id is \[1,2,3,4,5\]; 1 to 4 whole numbers/],
  [llama({ eos_token_id: [] }), /eos_token_id is \[\]; 1 to 4/],
  [qwen(2, { eos_token_id: null }), /eos_token_id is null; 1 to 4/],
  [llama({ pad_token_id: 1.5 }), /pad_token_id is 1\.5; a whole number/],
])('refuses %o', (json, message) => {
  expect(() => readConfig(json)).toThrow(UnsupportedConfigError);
  expect(() => readConfig(json)).toThrow(message);
});

test('cells behind an answer never hold an end of turn', () => {
  expect(fillerToken({ pad: 7, eos: [2] })).toBe(7);
  expect(fillerToken({ pad: null, eos: [2] })).toBe(0);
  expect(fillerToken({ pad: 2, eos: [0, 1, 2] })).toBe(3);
});

test.each(FAMILY_GOLDENS)('%s: exactly the tensors that transformers writes', async name => {
  const { config, weights } = await loadFamilyGolden(name);
  const shapes = [...weights].map(([tensor, { shape }]) => `${tensor} ${shape.join('×')}`);
  const expected = decoderLayout(config).entries.map(
    ({ name: tensor, shape }) => `${tensor} ${shape.join('×')}`,
  );
  expect(shapes.sort()).toEqual(expected.sort());
});
