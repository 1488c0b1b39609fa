import { expect, test } from 'vitest';
import { PLAIN_LLAMA, type DecoderConfig } from '../../src/model/config.ts';
import { initialLora, loraLayout, type LoraShape } from '../../src/model/lora.ts';
import { adapterShape } from './benchmarks-model.ts';

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

test('weights of a whole model are no adapter', () => {
  const arrays = new Map([['model.norm.weight', { shape: [16], data: new Float32Array(16) }]]);
  expect(adapterShape(config, arrays, undefined)).toBeUndefined();
});
