import { expect, test } from 'vitest';
import { LabError } from '../contract/errors.ts';
import { readExternalShape } from './external-shape.ts';

const QWEN = {
  model_type: 'qwen2',
  vocab_size: 151936,
  hidden_size: 896,
  num_hidden_layers: 24,
  num_attention_heads: 14,
  num_key_value_heads: 2,
  max_position_embeddings: 32768,
  eos_token_id: 151645,
};

test('head size follows from width and heads, the pad token from the end of turn', () => {
  expect(readExternalShape(QWEN)).toEqual({
    vocab: 151936,
    layers: 24,
    kvHeads: 2,
    headDim: 64,
    contextLength: 32768,
    eos: 151645,
    pad: 151645,
  });
});

test('explicit head size, one key-value head a head, the first of several end tokens', () => {
  const { num_key_value_heads: _, ...rest } = QWEN;
  const shape = readExternalShape({ ...rest, head_dim: 128, eos_token_id: [9, 8], pad_token_id: 3 });
  expect(shape).toMatchObject({ kvHeads: 14, headDim: 128, eos: 9, pad: 3 });
});

test.each([
  ['num_hidden_layers', 0],
  ['vocab_size', 'many'],
  ['eos_token_id', 151936],
  ['eos_token_id', undefined],
  ['hidden_size', 900],
])('%s of %s is refused by name', (field, value) => {
  const read = (): unknown => readExternalShape({ ...QWEN, [field]: value });
  expect(read).toThrow(LabError);
  expect(read).toThrow(new RegExp(`E_TEACHER_ONNX: config.json: .*${field}`));
});

test('what is no configuration is refused', () => {
  expect(() => readExternalShape(null)).toThrow('E_TEACHER_ONNX');
});
