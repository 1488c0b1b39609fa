import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { OpenModel } from '../../src/assets/open-model.ts';
import { decoderWith, loadModel } from '../../src/learn/policy.ts';
import type { DecoderConfig } from '../../src/model/config.ts';
import type { Decoder } from '../../src/model/decoder-forward.ts';
import { PROJECTIONS } from '../../src/model/decoder-parameters.ts';
import { loraLayout, type LoraShape } from '../../src/model/lora.ts';
import { ParameterSet, type NamedArrays } from '../../src/model/parameters.ts';
import { readSafetensors } from '../../src/model/safetensors.ts';

/**
 * The decoder to be measured: the lab's base, or with a file the weights that it holds as safetensors, all of the model's or an
 * adapter on it. An adapter's file does not say its alpha; without one it is twice the rank, as `npm run lab` trains them.
 * @throws LabError, RangeError where the weights do not fit the model.
 */
export async function measuredDecoder(
  { gpu, config, base }: OpenModel,
  path: string | undefined,
  alpha: number | undefined,
): Promise<Decoder> {
  if (path === undefined) return base.decoder;
  const arrays = readSafetensors(new Uint8Array(await readFile(path)), basename(path));
  const shape = adapterShape(config, arrays, alpha);
  if (!shape) return loadModel(gpu, gpu.memory, config, arrays).decoder;
  const set = new ParameterSet(gpu.memory, 'adapter', loraLayout(config, shape));
  set.upload(gpu, arrays);
  return decoderWith(base, shape, set);
}

/** What the names and shapes of an adapter's matrices say; undefined for weights that are no adapter's. */
export function adapterShape(
  { layers }: Pick<DecoderConfig, 'layers'>,
  arrays: NamedArrays,
  alpha: number | undefined,
): LoraShape | undefined {
  const names = [...arrays.keys()].filter(name => name.includes('.lora_A.'));
  if (names.length === 0) return undefined;
  const rank = arrays.get(names[0]!)!.shape[0]!;
  const first = Math.min(...names.map(name => Number(/\.layers\.(\d+)\./.exec(name)?.[1] ?? 0)));
  return {
    rank,
    alpha: alpha ?? 2 * rank,
    targets: PROJECTIONS.filter(target => names.some(name => name.includes(`.${target}.`))),
    lastLayers: layers - first,
  };
}
