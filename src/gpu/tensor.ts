/**
 * Element types. Kernels compute in 'f32' and index in 'u32', four bytes each. Frozen weights may be stored in fewer bits and are widened
 * on load: 'f16' (two in a word, the first in its low half) and 'q8' (blocks of 32 neighbours of a row: a word with the
 * f32 scale, then eight words of four int8, the first in the lowest byte; value = scale · q).
 */
export type DType = 'f32' | 'u32' | 'f16' | 'q8';

/** Values of a 'q8' block, and the words that it takes. */
export const Q8_BLOCK = { values: 32, words: 9 } as const;

/**
 * A contiguous, row-major range of a GPU buffer. A tensor does not own its buffer: the caller of `Memory.tensor`
 * or `Memory.slice` owns it and frees it. `offset` is in bytes and a multiple of 256 (the binding alignment that every
 * adapter accepts); `length` is in elements, whatever they take. Tensors carry no shape: operations take their dimensions explicitly,
 * because the number of rows of a packed batch changes at each step while its buffers stay.
 */
export interface Tensor {
  readonly label: string;
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly length: number;
  readonly dtype: DType;
}

/** Bytes of one element of 'f32' and 'u32', and of the words that other types are packed into. */
export const ELEMENT_BYTES = 4;

/** Bytes of `length` elements. @throws RangeError where they do not fill whole words or blocks. */
export function storageBytes(dtype: DType, length: number): number {
  const words =
    dtype === 'f16' ? length / 2 : dtype === 'q8' ? (length / Q8_BLOCK.values) * Q8_BLOCK.words : length;
  if (!Number.isInteger(words))
    throw new RangeError(`${length} elements do not fill whole blocks of ${dtype}`);
  return words * ELEMENT_BYTES;
}

/** Bytes of a tensor's elements. */
export const tensorBytes = ({ dtype, length }: Pick<Tensor, 'dtype' | 'length'>): number =>
  storageBytes(dtype, length);

/** The words that a tensor is packed into, as u32: for uploads and downloads. Same owner. */
export function wordsOf(tensor: Tensor): Tensor {
  return { ...tensor, dtype: 'u32', length: tensorBytes(tensor) / ELEMENT_BYTES };
}

/**
 * The type in which rows of `width` values are stored when `wanted` is asked for: 'q8' needs whole blocks, 'f16' whole vectors of
 * four; else the next wider one.
 */
export function storageType(wanted: 'f32' | 'f16' | 'q8', width: number): 'f32' | 'f16' | 'q8' {
  if (wanted === 'q8' && width % Q8_BLOCK.values === 0) return 'q8';
  return wanted !== 'f32' && width % 4 === 0 ? 'f16' : 'f32';
}

/** Alignment of tensor ranges inside a shared buffer, in bytes. */
export const BINDING_ALIGNMENT = 256;

/** Rounds a byte count up to the binding alignment. */
export function alignBytes(bytes: number): number {
  return Math.ceil(bytes / BINDING_ALIGNMENT) * BINDING_ALIGNMENT;
}

/** The sub-range of `count` elements that starts at element `start` (for 'f32' a multiple of 64) of `tensor`. Same owner. */
export function view(tensor: Tensor, start: number, count: number, label = tensor.label): Tensor {
  const offset = tensor.offset + storageBytes(tensor.dtype, start);
  if (offset % BINDING_ALIGNMENT !== 0)
    throw new RangeError(
      `${tensor.label}: element ${start} does not begin at a multiple of ${BINDING_ALIGNMENT} bytes, so it cannot be bound`,
    );
  if (start + count > tensor.length)
    throw new RangeError(
      `${tensor.label}: elements ${start}–${start + count} exceed its length ${tensor.length}`,
    );
  return { label, buffer: tensor.buffer, offset, length: count, dtype: tensor.dtype };
}
