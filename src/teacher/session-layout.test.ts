import type { InferenceSession } from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { cacheNames, readSessionLayout } from './session-layout.ts';

type Value = InferenceSession.ValueMetadata;
const SHAPE = { vocab: 7, layers: 2, kvHeads: 1, headDim: 4, contextLength: 64, eos: 2, pad: 0 };

const value = (name: string, type: string, ...shape: (number | string)[]): Value =>
  ({ name, isTensor: true, type, shape }) as Value;

function metadata(cache = 'float32'): { inputMetadata: Value[]; outputMetadata: Value[] } {
  return {
    inputMetadata: [
      ...['input_ids', 'attention_mask', 'position_ids'].map(name => value(name, 'int64', 'b', 'n')),
      ...cacheNames('past_key_values', 2).map(name => value(name, cache, 'b', 1, 'past', 4)),
    ],
    outputMetadata: [
      value('logits', 'float32', 'b', 'n', 7),
      ...cacheNames('present', 2).map(name => value(name, cache, 'b', 1, 'total', 4)),
      value('hidden_states', 'float32', 'b', 'n', 16),
    ],
  };
}

/** The metadata with one value replaced, or left out. */
function changed(name: string, put?: Value): ReturnType<typeof metadata> {
  const swap = (values: Value[]): Value[] =>
    values.flatMap(old => (old.name === name ? (put ? [put] : []) : [old]));
  const { inputMetadata, outputMetadata } = metadata();
  return { inputMetadata: swap(inputMetadata), outputMetadata: swap(outputMetadata) };
}

const read = (session: ReturnType<typeof metadata>): unknown => readSessionLayout('m.onnx', session, SHAPE);

describe('readSessionLayout', () => {
  test('f32 and f16 caches, with or without positions', () => {
    expect(read(metadata())).toEqual({ cacheType: 'float32', positions: true });
    expect(read(metadata('float16'))).toEqual({ cacheType: 'float16', positions: true });
    expect(read(changed('position_ids'))).toEqual({ cacheType: 'float32', positions: false });
  });

  test('extents that the file leaves open pass', () => {
    expect(() => read(changed('logits', value('logits', 'float32', 'b', 'n', 'v')))).not.toThrow();
  });

  test.each<[string, Value | undefined, RegExp]>([
    ['input_ids', undefined, /no such input \(input "input_ids"\)/],
    ['past_key_values.1.value', undefined, /no such input \(input "past_key_values\.1\.value"\)/],
    ['present.0.key', undefined, /no such output \(output "present\.0\.key"\)/],
    ['logits', undefined, /no such output \(output "logits"\)/],
    ['input_ids', value('input_ids', 'int32', 'b', 'n'), /type is int32; int64 is needed/],
    ['logits', value('logits', 'float16', 'b', 'n', 7), /type is float16; float32 is needed/],
    [
      'logits',
      value('logits', 'float32', 'b', 'n', 9),
      /shape is b × n × 9; config\.json makes it any × any × 7/,
    ],
    ['logits', value('logits', 'float32', 'b', 7), /shape is b × 7/],
    [
      'past_key_values.1.key',
      value('past_key_values.1.key', 'float16', 'b', 1, 'past', 4),
      /type is float16; float32 is needed/,
    ],
    ['present.1.key', value('present.1.key', 'float32', 'b', 3, 'total', 4), /shape is b × 3/],
    ['position_ids', value('use_cache_branch', 'bool', 1), /nothing is known to feed to it/],
    ['attention_mask', { name: 'attention_mask', isTensor: false }, /no tensor/],
  ])('%s: E_TEACHER_ONNX', (name, put, message) => {
    expect(() => read(changed(name, put))).toThrow(message);
    expect(() => read(changed(name, put))).toThrow(/^E_TEACHER_ONNX: m\.onnx: /);
  });

  test('more layers in the file than in config.json', () => {
    const session = metadata();
    session.inputMetadata.push(value('past_key_values.2.key', 'float32', 'b', 1, 'past', 4));
    expect(() => read(session)).toThrow(/past_key_values\.2\.key/);
  });
});
