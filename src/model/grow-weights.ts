import { decoderLayout } from './decoder-parameters.ts';
import type { DecoderConfig } from './config.ts';
import type { NamedArrays } from './parameters.ts';

const LAYER = /^model\.layers\.(\d+)\./;
/** The maps that write into the residual stream: if they are zero, a block passes its input on unchanged. */
const WRITERS = /\.(o_proj|down_proj)\.weight$/;

/**
 * Weights of a deeper decoder that computes what a shallower one does: layer l starts as a copy of layer `sources[l]`, of which
 * all copies but the first write nothing into the residual stream until they are trained (block expansion, Wu et al. 2024,
 * arXiv 2401.02415).
 * @param config of the deeper decoder; `sources` has one entry a layer, in ascending order
 * @throws RangeError when `sources` does not fit `config`, or a parameter that is needed is missing.
 */
export function growWeights(
  arrays: NamedArrays,
  config: DecoderConfig,
  sources: readonly number[],
): NamedArrays {
  if (sources.length !== config.layers || sources.some((source, layer) => source < (sources[layer - 1] ?? 0)))
    throw new RangeError(`layers [${sources.join(', ')}] do not make a decoder of ${config.layers} layers`);
  return new Map(
    decoderLayout(config).entries.map(({ name }) => {
      const layer = Number(LAYER.exec(name)?.[1] ?? 0);
      const source = arrays.get(name.replace(LAYER, `model.layers.${sources[layer]}.`));
      if (!source) throw new RangeError(`the model to grow from has nothing for ${name}`);
      const silent = WRITERS.test(name) && sources.indexOf(sources[layer]!) < layer;
      return [name, silent ? { ...source, data: new Float32Array(source.data.length) } : source];
    }),
  );
}
