import { storageBytes } from '../../gpu/tensor.ts';
import type { DecoderConfig } from '../config.ts';
import { decoderLayout } from '../decoder-parameters.ts';
import { parameterStorage, type WeightStorage } from '../weight-storage.ts';

export interface ModelSize {
  /** Values of all parameters. */
  readonly parameters: number;
  /** Their bytes as stored. */
  readonly bytes: number;
}

/**
 * The size a configuration implies, without laying out its layers: size(n layers) = size(0) + n · (size(1) − size(0)). Costs the same for a
 * million layers. Beyond 2^53 the numbers are rounded.
 */
export function modelSize(config: DecoderConfig, storage: WeightStorage): ModelSize {
  const none = sizeOf({ ...config, layers: 0 }, storage);
  const one = sizeOf({ ...config, layers: 1 }, storage);
  const grown = (key: keyof ModelSize): number => none[key] + config.layers * (one[key] - none[key]);
  return { parameters: grown('parameters'), bytes: grown('bytes') };
}

function sizeOf(config: DecoderConfig, storage: WeightStorage): ModelSize {
  let [parameters, bytes] = [0, 0];
  for (const { shape, length } of decoderLayout(config).entries) {
    parameters += length;
    bytes += storageBytes(parameterStorage(storage, shape), length);
  }
  return { parameters, bytes };
}
