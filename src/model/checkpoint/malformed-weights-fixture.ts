import { readConfig } from '../config.ts';
import { cases, HTML, LFS, type Malformed } from './malformed-case-fixture.ts';
import {
  CONFIG,
  laidOut,
  randomTensors,
  rawFile,
  shardedFolder,
  withIndex,
  type WrittenTensor,
} from './model-folder-fixture.ts';

const WEIGHTS = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const NORM = 'model.norm.weight';
const EMBEDDING = 'model.embed_tokens.weight';
const text = (value: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(value);

type Header = ReturnType<typeof laidOut>['header'];

/** The good file with its header's object, its header's text or its data changed. */
function changed(
  change: (header: Header, data: Uint8Array<ArrayBuffer>) => unknown,
  spell: (json: string) => string = json => json,
): () => Uint8Array<ArrayBuffer> {
  return () => {
    const { header, data } = laidOut(randomTensors(readConfig(CONFIG), 'BF16'));
    const other = change(header, data);
    return rawFile(spell(JSON.stringify(header)), other instanceof Uint8Array ? other : data);
  };
}

function tensorsWith(change: (tensors: Map<string, WrittenTensor>) => void): () => Uint8Array<ArrayBuffer> {
  return () => {
    const tensors = randomTensors(readConfig(CONFIG), 'BF16');
    change(tensors);
    const { header, data } = laidOut(tensors);
    return rawFile(JSON.stringify(header), data);
  };
}

/** Weights in one file. */
export const MALFORMED_WEIGHTS = cases(WEIGHTS, [
  ['empty', 'E_SAFETENSORS_EMPTY', null, () => new Uint8Array(0)],
  ['five bytes', 'E_SAFETENSORS_TRUNCATED', null, () => new Uint8Array(5)],
  ['a header of no bytes', 'E_SAFETENSORS_HEADER', /bytes 0–8/, () => rawFile('', text('{}'))],
  ['a header past the end', 'E_SAFETENSORS_TRUNCATED', /bytes 0–8/, () => rawFile('{}', undefined, 1000n)],
  [
    'a header of 2⁶⁴ − 1 bytes',
    'E_SAFETENSORS_HEADER',
    /bytes 0–8/,
    () => rawFile('{}', undefined, 2n ** 64n - 1n),
  ],
  ['a header over 100 MB', 'E_SAFETENSORS_HEADER', /bytes 0–8/, () => rawFile('{}', undefined, 100_000_001n)],
  [
    'a leading space',
    'E_SAFETENSORS_HEADER',
    /byte 8/,
    changed(
      () => null,
      json => ` ${json}`,
    ),
  ],
  [
    'invalid UTF-8',
    'E_SAFETENSORS_HEADER',
    /header, byte 2/,
    () => rawFile(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x7d)),
  ],
  ['broken JSON', 'E_SAFETENSORS_HEADER', /header/, () => rawFile('{"a":')],
  ['an entry too deep', 'E_SAFETENSORS_HEADER', /line 1/, () => rawFile('{"a":{"shape":[[1]]}}')],
  ['overlap', 'E_SAFETENSORS_OVERLAP', /embed/, changed(h => (h[NORM]!.data_offsets = [0, 8]))],
  [
    'a hole',
    'E_SAFETENSORS_HOLE',
    /norm/,
    changed((h, data) => {
      const offsets = h[NORM]!.data_offsets;
      h[NORM]!.data_offsets = [offsets[0] + 2, offsets[1] + 2];
      return Uint8Array.of(...data, 0, 0);
    }),
  ],
  ['reversed offsets', 'E_SAFETENSORS_OFFSETS', /norm/, changed(h => h[NORM]!.data_offsets.reverse())],
  ['fractional offsets', 'E_SAFETENSORS_OFFSETS', /norm/, changed(h => (h[NORM]!.data_offsets[0] += 0.5))],
  ['negative offsets', 'E_SAFETENSORS_OFFSETS', /embed/, changed(h => (h[EMBEDDING]!.data_offsets[0] = -8))],
  [
    'three offsets',
    'E_SAFETENSORS_OFFSETS',
    /norm/,
    changed(h => (h[NORM]!.data_offsets as number[]).push(1)),
  ],
  [
    'a shape that overflows',
    'E_SAFETENSORS_SHAPE',
    /norm/,
    changed(h => (h[NORM]!.shape = [2 ** 40, 2 ** 40])),
  ],
  [
    'a shape that overflows before a zero',
    'E_SAFETENSORS_SHAPE',
    /norm/,
    changed(h => (h[NORM]!.shape = [2 ** 40, 2 ** 40, 0])),
  ],
  ['a shape that does not fit', 'E_SAFETENSORS_SHAPE', /norm/, changed(h => (h[NORM]!.shape = [5]))],
  ['a negative extent', 'E_SAFETENSORS_SHAPE', /norm/, changed(h => (h[NORM]!.shape = [-4]))],
  ['an unknown type', 'E_SAFETENSORS_DTYPE', /norm/, changed(h => (h[NORM]!.dtype = 'I8'))],
  ['a type of the prototype', 'E_SAFETENSORS_DTYPE', /norm/, changed(h => (h[NORM]!.dtype = 'toString'))],
  [
    'a tensor twice',
    'E_SAFETENSORS_DUPLICATE',
    /line 1, column/,
    changed(
      () => null,
      json => json.replace('{', `{"model.norm.\\u0077eight":0,`),
    ),
  ],
  [
    'a field twice in an entry',
    'E_SAFETENSORS_DUPLICATE',
    /line 1, column/,
    changed(
      () => null,
      json => json.replace('"dtype":', '"dtype":"F32","dtype":'),
    ),
  ],
  [
    'a field that entries do not have',
    'E_SAFETENSORS_HEADER',
    /embed/,
    changed(
      () => null,
      json => json.replace('"dtype":', '"__proto__":{},"dtype":'),
    ),
  ],
  [
    'a tensor named __proto__',
    'E_MODEL_TENSOR_UNEXPECTED',
    /__proto__/,
    changed(
      (_, data) => data,
      json => json.replace('{', '{"__proto__":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},'),
    ),
  ],
  [
    'metadata that are no texts',
    'E_SAFETENSORS_HEADER',
    /__metadata__/,
    changed(
      () => null,
      json => json.replace('{', '{"__metadata__":{"a":1},'),
    ),
  ],
  ['trailing bytes', 'E_SAFETENSORS_TRAILING', /byte \d+/, changed((_, data) => Uint8Array.of(...data, 0))],
  ['truncation', 'E_SAFETENSORS_TRUNCATED', /byte \d+/, changed((_, data) => data.slice(0, -1))],
  ['a Git LFS pointer', 'E_SAFETENSORS_LFS_POINTER', /byte 0/, () => text(LFS)],
  ['a web page', 'E_SAFETENSORS_HTML', /byte 0/, () => text(HTML)],
  [
    'a pickle',
    'E_SAFETENSORS_PICKLE',
    /byte 0/,
    () => Uint8Array.of(0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9),
  ],
  ['a ZIP archive', 'E_SAFETENSORS_ZIP', /byte 0/, () => text('PK\u0003\u0004\u0000\u0000archive/data.pkl')],
  ['a GGUF file', 'E_SAFETENSORS_GGUF', /byte 0/, () => text('GGUF\u0003\u0000\u0000\u0000rest')],
  ['a tensor missing', 'E_MODEL_TENSOR_MISSING', /norm/, tensorsWith(tensors => tensors.delete(NORM))],
  [
    'a tensor of another shape',
    'E_MODEL_TENSOR_SHAPE',
    /embed/,
    tensorsWith(tensors => tensors.set(EMBEDDING, { ...tensors.get(EMBEDDING)!, shape: [4, 11] })),
  ],
  [
    'a tensor of no model',
    'E_MODEL_TENSOR_UNEXPECTED',
    /q_proj\.bias/,
    tensorsWith(tensors => tensors.set('model.layers.0.self_attn.q_proj.bias', tensors.get(NORM)!)),
  ],
  [
    'a head of another shape beside tied embeddings',
    'E_MODEL_TENSOR_UNEXPECTED',
    /lm_head/,
    tensorsWith(tensors => tensors.set('lm_head.weight', tensors.get(NORM)!)),
  ],
]);

type Sharded = ReturnType<typeof shardedFolder>;

function sharded(
  lines: readonly [
    what: string,
    code: string,
    place: RegExp,
    file: string,
    make: (folder: Sharded) => void,
  ][],
): Malformed[] {
  return lines.map(([what, code, place, file, spoil]) => ({
    what: `index: ${what}`,
    code,
    place,
    file,
    make: () => {
      const folder = shardedFolder();
      spoil(folder);
      return withIndex(folder.contents, folder.index);
    },
  }));
}

const [FIRST, SECOND] = shardedFolder().shards;

/** Weights in shards. */
export const MALFORMED_INDEXES = sharded([
  ['no map', 'E_INDEX_FORMAT', /weight_map/, INDEX, ({ index }) => (index.weight_map = {})],
  ['a tensor in a number', 'E_INDEX_FORMAT', /norm/, INDEX, ({ index }) => (index.weight_map[NORM] = 7)],
  [
    'a shard that is missing',
    'E_INDEX_SHARD_MISSING',
    /norm/,
    INDEX,
    ({ contents }) => contents.delete(SECOND),
  ],
  [
    'a shard of another folder',
    'E_INDEX_PATH',
    /norm/,
    INDEX,
    ({ index }) => (index.weight_map[NORM] = '../../x.safetensors'),
  ],
  [
    'a shard below',
    'E_INDEX_PATH',
    /norm/,
    INDEX,
    ({ index }) => (index.weight_map[NORM] = 'a\\b.safetensors'),
  ],
  [
    'a shard that is an address',
    'E_INDEX_PATH',
    /norm/,
    INDEX,
    ({ index }) => (index.weight_map[NORM] = 'https://x/y.safetensors'),
  ],
  [
    'a shard of another format',
    'E_INDEX_PATH',
    /norm/,
    INDEX,
    ({ index }) => (index.weight_map[NORM] = 'config.json'),
  ],
  [
    'a tensor in the other shard',
    'E_INDEX_TENSOR',
    /norm/,
    INDEX,
    ({ index }) => (index.weight_map[NORM] = FIRST),
  ],
  [
    'a tensor in no shard',
    'E_INDEX_TENSOR',
    /ghost/,
    INDEX,
    ({ index }) => (index.weight_map['ghost'] = FIRST),
  ],
  [
    'a tensor that it lacks',
    'E_INDEX_UNMAPPED',
    /norm/,
    SECOND,
    ({ index }) => delete index.weight_map[NORM],
  ],
  [
    'two shards with one tensor',
    'E_INDEX_TWICE',
    /embed/,
    SECOND,
    ({ contents, parts }) => {
      const both = new Map([...parts[1], [EMBEDDING, parts[0].get(EMBEDDING)!]]);
      const { header, data } = laidOut(both);
      contents.set(SECOND, rawFile(JSON.stringify(header), data));
    },
  ],
  ['another total', 'E_INDEX_TOTAL', /total_size/, INDEX, ({ index }) => (index.metadata.total_size = 1)],
  [
    'a total that is a text',
    'E_INDEX_FORMAT',
    /total_size/,
    INDEX,
    ({ index }) => (index.metadata.total_size = '1 GB'),
  ],
  [
    'a damaged shard',
    'E_SAFETENSORS_TRUNCATED',
    /byte/,
    SECOND,
    ({ contents }) => {
      contents.set(SECOND, (contents.get(SECOND) as Uint8Array<ArrayBuffer>).slice(0, -4));
    },
  ],
]);
