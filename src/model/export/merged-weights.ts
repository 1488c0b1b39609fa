import type { Checkpoint, CheckpointTensor } from '../checkpoint/checkpoint.ts';
import type { DecoderConfig } from '../config.ts';
import { projectionPath, PROJECTIONS } from '../decoder-parameters.ts';
import { loraName, type LoraShape } from '../lora.ts';
import type { NamedArrays } from '../parameters.ts';
import { widen } from '../weight-storage.ts';
import { narrow } from './narrow.ts';

/** What training changed: all weights, or an adapter on them. Names as in checkpoints and in PEFT. */
export type TrainedWeights =
  | { readonly kind: 'full'; readonly arrays: NamedArrays }
  | { readonly kind: 'lora'; readonly shape: LoraShape; readonly arrays: NamedArrays };

/** Bytes of an unchanged tensor that are read at once. */
const PIECE_BYTES = 4 * 2 ** 20;

/**
 * One trained tensor in f32: the trained values, or W + (alpha / rank) · B A (Hu et al. 2021), summed in f64 and rounded once.
 * The caller owns it.
 */
export async function trainedTensor(
  config: DecoderConfig,
  name: string,
  source: CheckpointTensor,
  trained: TrainedWeights,
): Promise<Float32Array<ArrayBuffer>> {
  if (trained.kind === 'full') return trained.arrays.get(name)!.data.slice();
  const values = widen(await source.read(0, source.bytes), source.type).slice();
  const pair = adapterOf(config, name, trained.arrays);
  if (pair) addProduct(values, pair, trained.shape);
  return values;
}

/**
 * The trained model as one safetensors file in pieces, each tensor in the type that the source has it in (rounded to the nearest, ties to
 * even); null writes the source's own. At most one tensor is in memory at a time. Tensors that the engine does not read are left out.
 */
export async function* mergedSafetensors(
  config: DecoderConfig,
  { tensors }: Checkpoint,
  trained: TrainedWeights | null,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const sorted = [...tensors].sort(([a], [b]) => (a < b ? -1 : 1));
  yield headerOf(sorted);
  for (const [name, source] of sorted) {
    if (trained && changes(config, name, trained))
      yield narrow(await trainedTensor(config, name, source, trained), source.type);
    else
      for (let at = 0; at < source.bytes; at += PIECE_BYTES)
        yield await source.read(at, Math.min(at + PIECE_BYTES, source.bytes));
  }
}

const changes = (config: DecoderConfig, name: string, { kind, arrays }: TrainedWeights): boolean =>
  kind === 'full' || adapterOf(config, name, arrays) !== undefined;

/** Length, JSON and padding to a multiple of eight bytes (huggingface/safetensors). */
function headerOf(sorted: readonly (readonly [string, CheckpointTensor])[]): Uint8Array<ArrayBuffer> {
  const header: Record<string, unknown> = { __metadata__: { format: 'pt' } };
  let offset = 0;
  for (const [name, { type, shape, bytes }] of sorted) {
    header[name] = { dtype: type, shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const length = Math.ceil(json.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

interface Pair {
  readonly a: Float32Array;
  readonly b: Float32Array;
}

function adapterOf({ layers }: DecoderConfig, name: string, arrays: NamedArrays): Pair | undefined {
  const [, layer] = /^model\.layers\.(\d+)\./.exec(name) ?? [];
  if (layer === undefined || Number(layer) >= layers) return undefined;
  const projection = PROJECTIONS.find(each => name === `${projectionPath(Number(layer), each)}.weight`);
  const of = (matrix: 'A' | 'B'): Float32Array | undefined =>
    projection && arrays.get(loraName(Number(layer), projection, matrix))?.data;
  const [a, b] = [of('A'), of('B')];
  return a && b && { a, b };
}

/** W [out, in] += scale · B [out, rank] A [rank, in]. */
function addProduct(values: Float32Array, { a, b }: Pair, { rank, alpha }: LoraShape): void {
  const width = a.length / rank;
  const scale = alpha / rank;
  const sums = new Float64Array(width);
  for (let row = 0; row < b.length / rank; row++) {
    sums.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = b[row * rank + r]! * scale;
      for (let column = 0; column < width; column++) sums[column]! += factor * a[r * width + column]!;
    }
    for (let column = 0; column < width; column++) {
      const at = row * width + column;
      values[at] = values[at]! + sums[column]!;
    }
  }
}
