import { expect, test } from 'vitest';
import { LabError } from '../../src/contract/errors.ts';
import { PLAIN_LLAMA, type DecoderConfig } from '../../src/model/config.ts';
import { initialLora, loraLayout, type LoraShape } from '../../src/model/lora.ts';
import { adapterShape, countOption, namesOption, positiveOption } from './measure-tool.ts';

const config: DecoderConfig = {
  ...PLAIN_LLAMA,
  vocab: 40,
  dim: 16,
  layers: 3,
  heads: 2,
  kvHeads: 1,
  headDim: 8,
  ffn: 24,
  normEps: 1e-5,
  ropeTheta: 10_000,
  contextLength: 64,
  bos: 1,
  eos: [5],
  pad: 0,
};

test.each<LoraShape>([
  { rank: 3, alpha: 6, targets: ['q_proj', 'down_proj'], lastLayers: 3 },
  { rank: 1, alpha: 2, targets: ['o_proj'], lastLayers: 1 },
])('reads the shape of an adapter from its matrices: $targets', shape => {
  const arrays = initialLora(loraLayout(config, shape), () => 0);
  expect(adapterShape(config, arrays, undefined)).toEqual(shape);
  expect(adapterShape(config, arrays, 5)).toEqual({ ...shape, alpha: 5 });
});

test('weights of a whole model are not an adapter', () => {
  const arrays = new Map([['model.norm.weight', { shape: [16], data: new Float32Array(16) }]]);
  expect(adapterShape(config, arrays, undefined)).toBeUndefined();
});

test('options that make no sense are refused by name', () => {
  expect(countOption('limit', undefined)).toBeUndefined();
  expect(countOption('limit', '12')).toBe(12);
  for (const value of ['0', '1.5', 'many', ''])
    expect(() => countOption('limit', value)).toThrow(/not a whole number from 1/);
  expect(() => countOption('queries', '1', 2)).toThrow(/from 2/);
  expect(positiveOption('alpha', '0.5')).toBe(0.5);
  expect(() => positiveOption('alpha', '-1')).toThrow(LabError);
  expect(namesOption('only', 'sums, guard', ['guard', 'sums'])).toEqual(['sums', 'guard']);
  expect(() => namesOption('only', 'sum', ['guard', 'sums'])).toThrow(/"sum" is none of guard, sums/);
});
