import { quoted, refuseFile } from './fault.ts';
import { isObject, readJsonFile } from './json-file.ts';
import type { ModelSource } from './model-source.ts';

export const INDEX_FILE = 'model.safetensors.index.json';

/** A tensor takes about a hundred bytes of it. */
const LIMITS = { maxBytes: 32 * 2 ** 20, maxDepth: 4, prototypeKeys: true };

/** A file in the same folder: no path elsewhere, and not hidden. */
const SHARD_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}\.safetensors$/;

/** Which file holds which tensor. */
export interface ShardIndex {
  readonly shardOf: ReadonlyMap<string, string>;
  /** Shards in the order of their names. */
  readonly shards: readonly string[];
  /** Bytes of all tensors, where the file says so. */
  readonly totalBytes: number | null;
}

/**
 * Reads `model.safetensors.index.json`.
 * @throws LabError as `readJsonFile`; `E_INDEX_FORMAT`, `E_INDEX_PATH` for a shard that is not a file in the folder,
 *   `E_INDEX_SHARD_MISSING`.
 */
export async function readShardIndex(source: ModelSource): Promise<ShardIndex> {
  const { weight_map: map, metadata = {} } = await readJsonFile(source, INDEX_FILE, LIMITS);
  if (!isObject(map) || Object.keys(map).length === 0)
    return refuseFile(INDEX_FILE, {
      code: 'E_INDEX_FORMAT',
      message: 'the map from tensors to files is missing or empty',
      place: 'weight_map',
    });
  if (!isObject(metadata))
    return refuseFile(INDEX_FILE, {
      code: 'E_INDEX_FORMAT',
      message: 'the metadata are not an object',
      place: 'metadata',
    });
  const shardOf = new Map<string, string>();
  for (const [name, shard] of Object.entries(map)) {
    const place = `weight_map[${quoted(name)}]`;
    if (typeof shard !== 'string')
      return refuseFile(INDEX_FILE, {
        code: 'E_INDEX_FORMAT',
        message: 'a tensor is mapped to something else than a file',
        place,
      });
    if (!SHARD_NAME.test(shard) || shard.includes('..'))
      refuseFile(INDEX_FILE, {
        code: 'E_INDEX_PATH',
        message: `${quoted(shard)} is not the name of a safetensors file of the folder`,
        place,
      });
    if (!source.files.has(shard))
      refuseFile(INDEX_FILE, {
        code: 'E_INDEX_SHARD_MISSING',
        message: `the file ${quoted(shard)} is not there`,
        place,
        nextStep: `Add ${shard} to the folder, or download the model again.`,
      });
    shardOf.set(name, shard);
  }
  const total = metadata['total_size'] ?? null;
  if (total !== null && !(Number.isSafeInteger(total) && (total as number) >= 0))
    refuseFile(INDEX_FILE, {
      code: 'E_INDEX_FORMAT',
      message: 'the total size is not a whole number',
      place: 'metadata.total_size',
    });
  return { shardOf, shards: [...new Set(shardOf.values())].sort(), totalBytes: total as number | null };
}
