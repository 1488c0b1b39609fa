import type { DecoderConfig } from './config.ts';
import { decoderLayout, EMBEDDING } from './decoder-parameters.ts';
import type { NamedArrays } from './parameters.ts';

/** Deviation of the token embedding at initialisation. */
const EMBEDDING_DEVIATION = 0.05;

/**
 * Random weights of a decoder that is to be pretrained: linear maps N(0, 1/in), those that write into the residual stream
 * smaller by √(2·layers) (GPT-2), gains 1, biases 0, embedding N(0, 0.05²).
 * @param normal draws from the standard normal distribution
 */
export function initialWeights(config: DecoderConfig, normal: () => number): NamedArrays {
  const arrays = new Map<string, { shape: readonly number[]; data: Float32Array<ArrayBuffer> }>();
  for (const { name, shape, length } of decoderLayout(config).entries) {
    const data = new Float32Array(length);
    const deviation = deviationOf(name, shape, config.layers);
    if (deviation === undefined) data.fill(1);
    else for (let i = 0; i < length; i++) data[i] = deviation * normal();
    arrays.set(name, { shape, data });
  }
  return arrays;
}

function deviationOf(name: string, shape: readonly number[], layers: number): number | undefined {
  if (shape.length === 1) return name.endsWith('.bias') ? 0 : undefined;
  if (name === EMBEDDING) return EMBEDDING_DEVIATION;
  const deviation = shape[1]! ** -0.5;
  return name.endsWith('o_proj.weight') || name.endsWith('down_proj.weight')
    ? deviation / Math.sqrt(2 * layers)
    : deviation;
}
