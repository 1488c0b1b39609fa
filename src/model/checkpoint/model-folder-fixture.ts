import { testRandom } from '../../testing/random.ts';
import type { DecoderConfig } from '../config.ts';
import { readConfig } from '../config.ts';
import { decoderLayout } from '../decoder-parameters.ts';
import { SOURCE_BYTES, type SourceType } from '../weight-storage.ts';
import { openModelFolder, type ModelFolder } from './model-folder.ts';
import { memorySource } from './model-source.ts';

export type Contents = Map<string, Uint8Array<ArrayBuffer> | string>;

/** Enough for the tiny model, and for nothing absurd. */
export const ROOM = { maxBytes: 2 ** 20, storage: 'f16' } as const;

export const CONFIG = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_act: 'silu',
  vocab_size: 11,
  hidden_size: 4,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  head_dim: 2,
  intermediate_size: 6,
  max_position_embeddings: 64,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  rope_scaling: null,
  attention_bias: false,
  mlp_bias: false,
  bos_token_id: 1,
  eos_token_id: 2,
  pad_token_id: 0,
} as const;

const WORDS = ['<pad>', '<s>', '</s>', 'a', 'b', 'c', 'ab', 'bc', 'abc'];

export const TOKENIZER = {
  version: '1.0',
  added_tokens: WORDS.slice(0, 3).map((content, id) => ({ id, content, special: true })),
  model: {
    type: 'BPE',
    vocab: Object.fromEntries(WORDS.map((word, id) => [word, id])) as Record<string, number>,
    merges: ['a b', 'b c', 'a bc'],
  },
};

export const TOKENIZER_CONFIG = { eos_token: '</s>', chat_template: '{{ messages[0].content }}' };

export interface WrittenTensor {
  readonly dtype: SourceType;
  readonly shape: readonly number[];
  readonly data: Uint8Array<ArrayBuffer>;
}
export type WrittenTensors = ReadonlyMap<string, WrittenTensor>;

/** Random bytes for every parameter of a configuration: any bits are weights. */
export function randomTensors(
  config: DecoderConfig,
  dtype: SourceType,
  seed = 1,
): Map<string, WrittenTensor> {
  const random = testRandom(seed);
  return new Map(
    decoderLayout(config).entries.map(({ name, shape, length }) => [
      name,
      {
        dtype,
        shape,
        data: Uint8Array.from({ length: length * SOURCE_BYTES[dtype] }, () => random.integer(256)),
      },
    ]),
  );
}

/** A file with this header and these data; `claimed` is the length that it gives for the header. */
export function rawFile(
  header: string | Uint8Array,
  data: Uint8Array = new Uint8Array(0),
  claimed?: bigint,
): Uint8Array<ArrayBuffer> {
  const text = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const bytes = new Uint8Array(8 + text.byteLength + data.byteLength);
  new DataView(bytes.buffer).setBigUint64(0, claimed ?? BigInt(text.byteLength), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.byteLength);
  return bytes;
}

/** The entries of a header, one after the other, and their data. */
export function laidOut(tensors: WrittenTensors): {
  header: Record<string, { dtype: string; shape: number[]; data_offsets: [number, number] }>;
  data: Uint8Array<ArrayBuffer>;
} {
  const header: ReturnType<typeof laidOut>['header'] = {};
  let offset = 0;
  for (const [name, { dtype, shape, data }] of tensors)
    header[name] = {
      dtype,
      shape: [...shape],
      data_offsets: [offset, (offset += data.byteLength)],
    };
  const data = new Uint8Array(offset);
  for (const [name, tensor] of tensors) data.set(tensor.data, header[name]!.data_offsets[0]);
  return { header, data };
}

export function safetensorsFile(tensors: WrittenTensors): Uint8Array<ArrayBuffer> {
  const { header, data } = laidOut(tensors);
  return rawFile(JSON.stringify({ __metadata__: { format: 'pt' }, ...header }), data);
}

/** A model folder that opens, tiny. */
export function goodFolder(config: object = CONFIG, dtype: SourceType = 'BF16'): Contents {
  return new Map<string, Uint8Array<ArrayBuffer> | string>([
    ['config.json', JSON.stringify(config)],
    ['tokenizer.json', JSON.stringify(TOKENIZER)],
    ['tokenizer_config.json', JSON.stringify(TOKENIZER_CONFIG)],
    ['generation_config.json', '{"eos_token_id":[2,1],"bos_token_id":1}'],
    ['model.safetensors', safetensorsFile(randomTensors(readConfig(config), dtype))],
  ]);
}

const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;

/** The same folder with its weights in two shards, and the index as an object to change. */
export function shardedFolder() {
  const tensors = [...randomTensors(readConfig(CONFIG), 'BF16')];
  const parts = [new Map(tensors.slice(0, 9)), new Map(tensors.slice(9))] as const;
  const contents = goodFolder();
  contents.delete('model.safetensors');
  const index = {
    metadata: { total_size: tensors.reduce((sum, [, { data }]) => sum + data.byteLength, 0) as unknown },
    weight_map: Object.fromEntries(
      parts.flatMap((part, i) => [...part.keys()].map(name => [name, SHARDS[i] as unknown])),
    ),
  };
  for (const [i, part] of parts.entries()) contents.set(SHARDS[i]!, safetensorsFile(part));
  return { contents, parts, index, shards: SHARDS };
}

export const withIndex = (contents: Contents, index: object): Contents =>
  new Map([...contents, ['model.safetensors.index.json', JSON.stringify(index)]]);

export const openContents = async (contents: Contents): Promise<ModelFolder> =>
  await openModelFolder(memorySource('tiny', contents), ROOM);
