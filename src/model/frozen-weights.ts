import { LabError } from '../contract/errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import { ELEMENT_BYTES, storageBytes, tensorBytes, wordsOf, type Tensor } from '../gpu/tensor.ts';
import { shardRows, type TableShard, type TokenTable } from '../kernels/embedding/token-table.ts';
import type { ParameterEntry, ParameterLayout, WeightStore } from './parameters.ts';
import {
  packWeights,
  parameterStorage,
  SOURCE_BYTES,
  widen,
  type SourceType,
  type WeightStorage,
} from './weight-storage.ts';

/** One tensor of a checkpoint, read in pieces: `read(begin, end)` gives these bytes of it, relative to its start. */
export interface SourceTensor {
  readonly type: SourceType;
  readonly shape: readonly number[];
  read(begin: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface FrozenWeightsOptions {
  readonly storage: WeightStorage;
  /** Matrices with one row a token, which may be split into shards; everything else must fit one binding. */
  readonly tables: ReadonlySet<string>;
  /** Most bytes of a shard; by default what the device binds at once. */
  readonly bindingLimit?: number;
}

/** Values that are converted at once: 4 MiB from the file, 4 MiB widened and 4 MiB packed at most. */
const PIECE_VALUES = 2 ** 20;

/** Uploads after which the queue is drained: it keeps its own copy until then. */
const UNDRAINED_BYTES = 16 * 2 ** 20;

/**
 * Weights that never change, each in buffers of its own and stored as small as asked. They are allocated at once and filled tensor by
 * tensor, so that no second copy of the model exists anywhere. Buffers are owned by `memory`.
 */
export class FrozenWeights implements WeightStore {
  readonly layout: ParameterLayout;
  readonly storage: WeightStorage;
  readonly #gpu: Gpu;
  readonly #parts: ReadonlyMap<string, readonly TableShard[]>;

  /** @throws OutOfGpuMemoryError when a tensor exceeds the adapter's limits; RangeError when 64 rows of a table do. */
  constructor(gpu: Gpu, memory: Memory, layout: ParameterLayout, options: FrozenWeightsOptions) {
    const { maxBufferSize, maxStorageBufferBindingSize } = gpu.device.limits;
    const { storage, tables, bindingLimit = Math.min(maxBufferSize, maxStorageBufferBindingSize) } = options;
    this.layout = layout;
    this.storage = storage;
    this.#gpu = gpu;
    this.#parts = new Map(
      layout.entries.map(entry => [
        entry.name,
        partsOf(entry, storage, tables.has(entry.name) ? bindingLimit : Infinity).map(
          ({ first, rows, length, dtype }) => ({
            first,
            rows,
            tensor: memory.tensor(`base.${entry.name}`, length, dtype),
          }),
        ),
      ]),
    );
  }

  /** Bytes that the weights take. */
  get bytes(): number {
    return [...this.#parts.values()].flat().reduce((sum, { tensor }) => sum + tensorBytes(tensor), 0);
  }

  /** A parameter that is whole. @throws RangeError when there is none of that name, or it lies in shards. */
  tensor(name: string): Tensor {
    const parts = this.#part(name);
    if (parts.length === 1) return parts[0]!.tensor;
    throw new RangeError(`${name} lies in ${parts.length} shards`);
  }

  /** A matrix, whole or in shards. @throws RangeError when there is none of that name. */
  table(name: string): TokenTable {
    const shards = this.#part(name);
    const [vocab = 0, dim = 1] = this.layout.entries.find(entry => entry.name === name)!.shape;
    return { vocab, dim, shards };
  }

  /**
   * Fills every parameter from a checkpoint; tensors with other names are ignored. Takes at most 16 MiB besides the model.
   * @param onProgress called after each piece with the values done and all of them
   * @throws LabError `E_MODEL_TENSOR_MISSING`, `E_MODEL_TENSOR_SHAPE`, before anything is read, `E_MODEL_WEIGHTS`; what `read` throws.
   */
  async fillFrom(
    source: ReadonlyMap<string, SourceTensor>,
    onProgress: (done: number, total: number) => void = () => undefined,
  ): Promise<void> {
    const { entries, count } = this.layout;
    for (const { name, shape } of entries) expectShape(name, shape, source.get(name)?.shape);
    const { queue } = this.#gpu.device;
    let done = 0;
    let undrained = 0;
    for (const entry of entries)
      for await (const piece of this.#pieces(entry, source.get(entry.name)!)) {
        onProgress((done += piece.values), count);
        if ((undrained += piece.bytes) < UNDRAINED_BYTES) continue;
        await queue.onSubmittedWorkDone();
        undrained = 0;
      }
    await queue.onSubmittedWorkDone();
  }

  /** Converts and uploads one parameter, piece by piece; each begins at a whole block of its storage. */
  async *#pieces(
    { name, shape }: ParameterEntry,
    { type, read }: SourceTensor,
  ): AsyncGenerator<{ readonly values: number; readonly bytes: number }> {
    const width = SOURCE_BYTES[type];
    for (const { tensor, first } of this.#part(name)) {
      const { dtype, length } = tensor;
      const storage = dtype as WeightStorage;
      const start = first * (shape[1] ?? 1);
      for (let at = 0; at < length; at += PIECE_VALUES) {
        const values = Math.min(PIECE_VALUES, length - at);
        const wide = widen(await read((start + at) * width, (start + at + values) * width), type);
        if (wide.length !== values)
          throw new RangeError(`${name}: ${wide.length} values were read where ${values} were asked for`);
        expectStorable(name, wide, storage);
        const words = packWeights(wide, storage);
        this.#gpu.write(wordsOf(tensor), words, storageBytes(dtype, at) / ELEMENT_BYTES);
        yield { values, bytes: words.byteLength };
      }
    }
  }

  #part(name: string): readonly TableShard[] {
    const parts = this.#parts.get(name);
    if (!parts) throw new RangeError(`the weights have no parameter ${name}`);
    return parts;
  }
}

/** The rows, length and storage of each tensor that a parameter lies in. */
function partsOf({ shape, length }: ParameterEntry, wanted: WeightStorage, limit: number) {
  const dtype = parameterStorage(wanted, shape);
  const [height = 0, width = 1] = shape;
  const cuts =
    limit === Infinity
      ? [{ first: 0, rows: height }]
      : shardRows({ vocab: height, dim: width, dtype }, limit);
  return cuts.map(({ first, rows }) => ({ first, rows, dtype, length: (length / height) * rows }));
}

function expectShape(name: string, needed: readonly number[], found: readonly number[] | undefined): void {
  if (found?.join('×') === needed.join('×')) return;
  throw new LabError({
    code: found ? 'E_MODEL_TENSOR_SHAPE' : 'E_MODEL_TENSOR_MISSING',
    message: found
      ? `a tensor has shape ${found.join('×')}; the configuration asks for ${needed.join('×')}`
      : `the weights lack a tensor of shape ${needed.join('×')}`,
    place: `tensor "${name}"`,
    consequence: 'The model was not loaded; what was open is unchanged.',
    nextStep: 'Check that config.json and weights belong together, or download the model again.',
  });
}

/** Largest finite f16. */
const LARGEST_F16 = 65_504;

function expectStorable(name: string, values: Float32Array, storage: WeightStorage): void {
  const limit = storage === 'f16' ? LARGEST_F16 : Number.MAX_VALUE;
  let largest = 0;
  let isNumber = true;
  for (const value of values) {
    largest = Math.max(largest, Math.abs(value));
    isNumber &&= value === value;
  }
  if (isNumber && largest <= limit) return;
  const wrong = isNumber ? largest : Number.NaN;
  throw new LabError({
    code: 'E_MODEL_WEIGHTS',
    message: `a weight has the size ${wrong}, which ${storage} does not hold`,
    place: `tensor "${name}"`,
    consequence: 'The model was not loaded; what was open is unchanged.',
    nextStep: Number.isFinite(wrong)
      ? 'Load the model with 8-bit or f32 weights.'
      : 'The file is damaged, or its training failed: download it again.',
  });
}
