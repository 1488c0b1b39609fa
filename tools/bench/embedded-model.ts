import { readConfig, type DecoderConfig } from '../../src/model/config.ts';
import { initialWeights } from '../../src/model/initial-weights.ts';
import type { NamedArrays } from '../../src/model/parameters.ts';
import { readSafetensors } from '../../src/model/safetensors.ts';
import { PRETRAINING } from '../pretrain/pretraining-plans.ts';

/** Name of the embedded model, and its folder under `public/models`. */
export const EMBEDDED_MODEL = 'world-s';

export interface EmbeddedModel {
  /** What it is, for the report. */
  readonly description: string;
  readonly config: DecoderConfig;
  readonly weights: NamedArrays;
}

/**
 * The embedded model from the files that the page serves or, without weights there, random ones in its planned shape.
 * @param trained whether there are weights
 * @param normal draws from the standard normal distribution
 */
export async function embeddedModel(trained: boolean, normal: () => number): Promise<EmbeddedModel> {
  const read = async (file: string): Promise<Response> => {
    const response = await fetch(`/models/${EMBEDDED_MODEL}/${file}`);
    if (!response.ok)
      throw new Error(`public/models/${EMBEDDED_MODEL}/${file} cannot be read, so no rollout was measured.`);
    return response;
  };
  if (trained) {
    const config = readConfig(await (await read('config.json')).json());
    const bytes = new Uint8Array(await (await read('model.safetensors')).arrayBuffer());
    return { description: EMBEDDED_MODEL, config, weights: readSafetensors(bytes, 'model.safetensors') };
  }
  const shape = PRETRAINING[EMBEDDED_MODEL]?.shape;
  if (!shape) throw new Error(`There is no plan of the shape of ${EMBEDDED_MODEL}.`);
  const tokenizer = (await (await read('tokenizer.json')).json()) as {
    readonly model: { readonly vocab: object };
  };
  const config = { ...shape, vocab: Object.keys(tokenizer.model.vocab).length, bos: 1, eos: [2], pad: 0 };
  const weights = initialWeights(config, normal);
  return { description: `shape of ${EMBEDDED_MODEL}, random weights`, config, weights };
}
