import { z } from 'zod';
import type { HubFile } from '../contract/model-hub.ts';
import { isFileName } from './hub-address.ts';
import { hubError } from './hub-fault.ts';

const INDEX = 'model.safetensors.index.json';
const WEIGHTS = 'model.safetensors';
const REQUIRED = ['config.json', 'tokenizer.json'];
const OPTIONAL = [
  'generation_config.json',
  'tokenizer_config.json',
  'chat_template.jinja',
  'special_tokens_map.json',
];
/** Larger files are not a model's description. They are read into memory whole. */
export const MOST_TEXT_BYTES = 64 * 2 ** 20;
const OTHER_FORMATS = /\.(?:bin|pt|pth|ckpt|gguf|h5|msgpack|onnx)$/;

/** The files of a model that the lab reads. `index` is set where the weights are in shards that are not yet known. */
export interface Choice {
  readonly files: readonly HubFile[];
  readonly index: HubFile | null;
}

function incomplete(id: string, message: string, nextStep: string, place?: string): never {
  throw hubError('INCOMPLETE', { message, file: id, ...(place && { place }), nextStep });
}

/**
 * The files that the lab reads and no others: configuration, tokenizer, chat template, and the weights as safetensors.
 * @throws LabError `E_HUB_INCOMPLETE` naming what the model lacks.
 */
export function chooseFiles(id: string, listed: readonly HubFile[]): Choice {
  const byPath = new Map(listed.map(file => [file.path, file]));
  const found = (names: readonly string[]): HubFile[] => names.flatMap(name => byPath.get(name) ?? []);
  const missing = REQUIRED.filter(name => !byPath.has(name));
  if (missing.length > 0)
    incomplete(
      id,
      `it has no ${missing.join(' and no ')}`,
      'Choose a model with its tokenizer in Hugging Face layout.',
    );
  const texts = found([...REQUIRED, ...OPTIONAL, INDEX]);
  for (const { path, bytes } of texts)
    if (bytes > MOST_TEXT_BYTES)
      incomplete(id, `has ${bytes} bytes, more than ${MOST_TEXT_BYTES}`, 'Choose another model.', path);
  const files = found([...REQUIRED, ...OPTIONAL]);
  const weights = byPath.get(WEIGHTS);
  if (weights) return { files: [...files, weights], index: null };
  const index = byPath.get(INDEX);
  if (index) return { files: [...files, index], index };
  const other = listed.find(({ path }) => OTHER_FORMATS.test(path));
  return incomplete(
    id,
    `there is no ${WEIGHTS}${other ? `; its weights are in another format (${other.path})` : ''}`,
    'Choose a model that has its weights as safetensors.',
  );
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

/**
 * The shards that an index names, in order of their names.
 * @throws LabError `E_HUB_INCOMPLETE` when it names none, one that is not listed, or one outside the model's folder.
 */
export function chooseShards(id: string, indexText: string, listed: readonly HubFile[]): HubFile[] {
  const refuse = (message: string): never =>
    incomplete(id, message, 'Choose another revision or model: this one was not uploaded whole.', INDEX);
  let json: unknown;
  try {
    json = JSON.parse(indexText);
  } catch {
    return refuse('the list of shards is not JSON');
  }
  const parsed = indexSchema.safeParse(json);
  if (!parsed.success) return refuse('the list of shards has no weight_map of names');
  const names = [...new Set(Object.values(parsed.data.weight_map))].sort();
  if (names.length === 0) refuse('the list of shards is empty');
  const byPath = new Map(listed.map(file => [file.path, file]));
  return names.map(name => {
    if (!isFileName(name) || !name.endsWith('.safetensors'))
      refuse(`${JSON.stringify(name.slice(0, 80))} is not the name of a shard`);
    return byPath.get(name) ?? refuse(`the shard ${name} is missing`);
  });
}
