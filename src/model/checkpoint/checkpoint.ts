import type { DecoderConfig } from '../config.ts';
import type { SourceTensor } from '../frozen-weights.ts';
import { headerEnd, parseHeader, PREFIX_BYTES, type SafetensorsEntry } from '../safetensors-header.ts';
import { SOURCE_BYTES } from '../weight-storage.ts';
import { checkTensors } from './expected-tensors.ts';
import { listed, quoted, refuseFile } from './fault.ts';
import { fileBytes, readExactly, type ModelSource } from './model-source.ts';
import { INDEX_FILE, readShardIndex } from './shard-index.ts';

export const WEIGHTS_FILE = 'model.safetensors';

/** A tensor of a checkpoint; its data are read on demand. */
export interface CheckpointTensor extends SourceTensor {
  /** The file that holds it. */
  readonly file: string;
  readonly bytes: number;
}

/** Weights of a model folder with checked headers and no data in memory. */
export interface Checkpoint {
  /** The decoder's parameters by name, and no others: what `FrozenWeights.fillFrom` takes. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Bytes of all tensors. */
  readonly bytes: number;
  /**
   * A tensor's little-endian bytes in pieces of at most `maxBytes`, each of whole values. Each piece is the caller's.
   * @throws RangeError when there is no such tensor, or not one value fits a piece; LabError when reading fails.
   */
  chunks(name: string, maxBytes: number): AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/**
 * Opens the weights of a model folder: `model.safetensors`, or, without it, the shards of `model.safetensors.index.json`. Reads headers
 * only. Every header is checked, the index against all of them, and the tensors against the configuration.
 * @throws LabError `E_SAFETENSORS_…`, `E_INDEX_…`, `E_MODEL_…`, `E_JSON_…`, naming file and place.
 */
export async function openCheckpoint(source: ModelSource, config: DecoderConfig): Promise<Checkpoint> {
  const single = source.files.has(WEIGHTS_FILE) || !source.files.has(INDEX_FILE);
  const all = single
    ? tensorsOf(source, WEIGHTS_FILE, await readEntries(source, WEIGHTS_FILE))
    : await openShards(source);
  const needed = checkTensors(config, all, single ? WEIGHTS_FILE : INDEX_FILE);
  const tensors = new Map([...all].filter(([name]) => needed.has(name)));
  return {
    tensors,
    bytes: [...tensors.values()].reduce((sum, { bytes }) => sum + bytes, 0),
    async *chunks(name, maxBytes) {
      const tensor = tensors.get(name);
      if (!tensor) throw new RangeError(`the checkpoint has no tensor ${name}`);
      const step = maxBytes - (maxBytes % SOURCE_BYTES[tensor.type]);
      if (!(step > 0)) throw new RangeError(`a piece of ${maxBytes} bytes holds no value of ${tensor.type}`);
      for (let at = 0; at < tensor.bytes; at += step)
        yield await tensor.read(at, Math.min(at + step, tensor.bytes));
    },
  };
}

/** The header of one file. */
async function readEntries(source: ModelSource, path: string): Promise<SafetensorsEntry[]> {
  const bytes = fileBytes(source, path);
  const prefix = await readExactly(source, path, 0, Math.min(PREFIX_BYTES, bytes));
  const dataStart = headerEnd(prefix, path, bytes);
  return parseHeader(await readExactly(source, path, 0, dataStart), dataStart, path, bytes);
}

function tensorsOf(
  source: ModelSource,
  file: string,
  entries: readonly SafetensorsEntry[],
): Map<string, CheckpointTensor> {
  return new Map(
    entries.map(({ name, dtype, shape, begin, end }) => [
      name,
      {
        file,
        type: dtype,
        shape,
        bytes: end - begin,
        read: async (from, to) => {
          if (!(from >= 0 && from <= to && to <= end - begin))
            throw new RangeError(`${name} has ${end - begin} bytes; ${from}–${to} are not among them`);
          return await readExactly(source, file, begin + from, begin + to);
        },
      },
    ]),
  );
}

/** Tensors of all shards: exactly those of the index, each where the index says. */
async function openShards(source: ModelSource): Promise<Map<string, CheckpointTensor>> {
  const { shardOf, shards, totalBytes } = await readShardIndex(source);
  const tensors = new Map<string, CheckpointTensor>();
  for (const shard of shards) {
    const found = tensorsOf(source, shard, await readEntries(source, shard));
    for (const [name, tensor] of found) {
      const other = tensors.get(name)?.file;
      if (other !== undefined)
        refuseFile(shard, {
          code: 'E_INDEX_TWICE',
          message: `a tensor is in ${quoted(other)} too`,
          place: `tensor ${quoted(name)}`,
        });
      tensors.set(name, tensor);
    }
  }
  const unmapped = [...tensors].filter(([name]) => !shardOf.has(name));
  if (unmapped.length > 0)
    refuseFile(unmapped[0]![1].file, {
      code: 'E_INDEX_UNMAPPED',
      message: `${unmapped.length} tensors are not in the index: ${listed(unmapped.map(([name]) => name))}`,
      place: `tensor ${quoted(unmapped[0]![0])}`,
    });
  for (const [name, shard] of shardOf)
    if (tensors.get(name)?.file !== shard)
      refuseFile(INDEX_FILE, {
        code: 'E_INDEX_TENSOR',
        message: `${quoted(shard)} does not hold a tensor that the index places there`,
        place: `weight_map[${quoted(name)}]`,
      });
  const bytes = [...tensors.values()].reduce((sum, tensor) => sum + tensor.bytes, 0);
  if (totalBytes !== null && totalBytes !== bytes)
    refuseFile(INDEX_FILE, {
      code: 'E_INDEX_TOTAL',
      message: `the index claims ${totalBytes} bytes of tensors; the files hold ${bytes}`,
      place: 'metadata.total_size',
    });
  return tensors;
}
