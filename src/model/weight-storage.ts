import { Q8_BLOCK, storageType } from '../gpu/tensor.ts';
import { toHalves } from './onnx/half.ts';

/** How frozen weights may be stored. */
export type WeightStorage = 'f32' | 'f16' | 'q8';

/** Types of weights in checkpoints. */
export type SourceType = 'F32' | 'F16' | 'BF16';

/** Bytes of one value in a checkpoint. */
export const SOURCE_BYTES: Readonly<Record<SourceType, number>> = { F32: 4, F16: 2, BF16: 2 };

/** The storage of a parameter: vectors (gains, biases) stay f32, matrices follow `storageType`. */
export function parameterStorage(wanted: WeightStorage, shape: readonly number[]): WeightStorage {
  return shape.length < 2 ? 'f32' : storageType(wanted, shape.at(-1)!);
}

/** Values of a checkpoint's little-endian bytes as f32; F32 is a view where the bytes are aligned. */
export function widen(bytes: Uint8Array<ArrayBuffer>, type: SourceType): Float32Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } =
    bytes.byteOffset % SOURCE_BYTES[type] === 0 ? bytes : Uint8Array.from(bytes);
  if (type === 'F32') return new Float32Array(buffer, byteOffset, byteLength / 4);
  const halves = new Uint16Array(buffer, byteOffset, byteLength / 2);
  const words = new Uint32Array(halves.length);
  if (type === 'BF16') for (let i = 0; i < halves.length; i++) words[i] = halves[i]! << 16;
  else for (let i = 0; i < halves.length; i++) words[i] = halfToFloatBits(halves[i]!);
  return new Float32Array(words.buffer);
}

/** f16 bits to f32 bits, exact. */
function halfToFloatBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const magnitude = half & 0x7fff;
  if (magnitude >= 0x7c00) return sign | 0x7f80_0000 | ((magnitude & 0x3ff) << 13);
  if (magnitude >= 0x400) return sign | ((magnitude << 13) + 0x3800_0000);
  // Subnormal: normalised by the position of its leading bit.
  if (magnitude === 0) return sign;
  const shift = Math.clz32(magnitude) - 21;
  return sign | ((113 - shift) << 23) | (((magnitude << shift) & 0x3ff) << 13);
}

/** Values as the words of a storage type; `values` is whole words or blocks long (see `DType`). */
export function packWeights(
  values: Float32Array<ArrayBuffer>,
  storage: WeightStorage,
): Uint32Array<ArrayBuffer> {
  if (storage === 'f32') return new Uint32Array(values.buffer, values.byteOffset, values.length);
  if (storage === 'f16') return new Uint32Array(toHalves(values).buffer);
  return packQ8(values);
}

/** scale = max |w| / 127 of each block, q = w / scale to the nearest. */
function packQ8(values: Float32Array): Uint32Array<ArrayBuffer> {
  const blocks = values.length / Q8_BLOCK.values;
  const words = new Uint32Array(blocks * Q8_BLOCK.words);
  const scales = new Float32Array(words.buffer);
  const bytes = new Int8Array(words.buffer);
  for (let block = 0; block < blocks; block++) {
    const from = block * Q8_BLOCK.values;
    const at = block * Q8_BLOCK.words;
    let largest = 0;
    for (let i = 0; i < Q8_BLOCK.values; i++) largest = Math.max(largest, Math.abs(values[from + i]!));
    scales[at] = largest / 127;
    const scale = scales[at];
    if (scale === 0) continue;
    for (let i = 0; i < Q8_BLOCK.values; i++) bytes[4 * (at + 1) + i] = Math.round(values[from + i]! / scale);
  }
  return words;
}
