import { loraLayout, type LoraShape } from '../model/lora.ts';
import { decoderLayout } from '../model/decoder-parameters.ts';
import type { DecoderConfig } from '../model/config.ts';
import type { TrainedWeights } from '../model/export/merged-weights.ts';
import type { FolderZip } from '../model/export/folder-zip.ts';
import type { NamedArrays, ParameterLayout } from '../model/parameters.ts';
import type { ModelSource } from '../contract/model-source.ts';

/** Configuration, tokenizer and chat template, byte for byte. */
export async function copyTexts(zip: FolderZip, source: ModelSource, folder = ''): Promise<void> {
  for (const path of source.files.keys())
    if (!path.includes('safetensors')) zip.add(`${folder}${path}`, await source.read(path));
}

/** Trainable values by name: all weights, or an adapter's. They are copied. */
export function trainedWeights(
  config: DecoderConfig,
  lora: LoraShape | null,
  values: Float32Array<ArrayBuffer>,
): TrainedWeights {
  if (!lora) return { kind: 'full', arrays: named(decoderLayout(config), values) };
  return { kind: 'lora', shape: lora, arrays: named(loraLayout(config, lora), values) };
}

const named = ({ entries }: ParameterLayout, values: Float32Array<ArrayBuffer>): NamedArrays =>
  new Map(
    entries.map(({ name, shape, start, length }) => [
      name,
      { shape, data: values.slice(start, start + length) },
    ]),
  );
