import { readConfig, type DecoderConfig } from '../model/config.ts';
import type { NamedArrays } from '../model/parameters.ts';
import { readSafetensors } from '../model/safetensors.ts';
import { present, referenceConfig, widened } from './golden.ts';
import type { DecoderModel } from '../reference/decoder.ts';

/** Tiny decoders of every supported family, written by tools/goldens/families.py. */
export const FAMILY_GOLDENS = [
  'llama-tied',
  'llama-bias',
  'llama3-scaled',
  'qwen2-tied',
  'qwen2-untied',
  'qwen3-tied',
  'qwen3-untied',
] as const;

/** cases.json. */
export interface FamilyCases {
  /** Two sequences each; those of one index end in the same response. */
  readonly student: readonly (readonly number[])[];
  readonly teacher: readonly (readonly number[])[];
  readonly response: readonly (readonly number[])[];
  /** Mean reverse KL over the response tokens, student and teacher being the bare model. */
  readonly loss: number;
  /** The same of the student with the adapter. */
  readonly adapter: { readonly rank: number; readonly alpha: number; readonly loss: number };
}

export interface FamilyGolden {
  readonly name: string;
  /** config.json as transformers wrote it. */
  readonly json: unknown;
  readonly config: DecoderConfig;
  readonly cases: FamilyCases;
  readonly weights: NamedArrays;
  /** Of the bare model on both student sequences, [tokens, vocab]. */
  readonly logits: Float32Array;
  /** Matrices by PEFT's names. */
  readonly adapter: NamedArrays;
  /** By names of biases and gains, of the bare model's loss, and by PEFT's names, of the adapter's. */
  readonly gradients: NamedArrays;
}

const binaries = import.meta.glob<string>('./golden/families/*/*.safetensors', {
  query: '?url&inline',
  import: 'default',
});
const configs = import.meta.glob<unknown>('./golden/families/*/config.json', { import: 'default' });
const cases = import.meta.glob<FamilyCases>('./golden/families/*/cases.json', { import: 'default' });

export async function loadFamilyGolden(name: string): Promise<FamilyGolden> {
  const folder = `./golden/families/${name}`;
  const tensors = async (file: string): Promise<NamedArrays> => {
    const response = await fetch(await present(binaries, `${folder}/${file}.safetensors`));
    return readSafetensors(new Uint8Array(await response.arrayBuffer()), file);
  };
  const json = await present(configs, `${folder}/config.json`);
  const results = await tensors('results');
  const under = (prefix: string): NamedArrays =>
    new Map(
      [...results]
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, array]) => [key.slice(prefix.length), array]),
    );
  return {
    name,
    json,
    config: readConfig(json),
    cases: await present(cases, `${folder}/cases.json`),
    weights: await tensors('model'),
    logits: results.get('logits')!.data,
    adapter: under('adapter.'),
    gradients: under('gradient.'),
  };
}

/** For the f64 reference; with its adapter on request. */
export function familyReference(
  { json, cases: { adapter: shape }, weights, adapter }: FamilyGolden,
  options: { adapted: boolean },
): DecoderModel {
  const model = { config: referenceConfig(json), parameters: widened(weights) };
  const { rank, alpha } = shape;
  return options.adapted ? { ...model, adapter: { rank, alpha, matrices: widened(adapter) } } : model;
}
