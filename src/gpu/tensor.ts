/** Element types that kernels read and write. Both take four bytes. */
export type DType = 'f32' | 'u32';

/**
 * A contiguous, row-major range of a GPU buffer. A tensor does not own its buffer: whoever called `Memory.tensor`
 * or `Memory.slice` owns it and frees it. `offset` is in bytes and a multiple of 256 (the binding alignment that every
 * adapter accepts); `length` is in elements. Shapes are the caller's: operations take their dimensions explicitly,
 * because the number of rows of a packed batch changes at each step while its buffers stay.
 */
export interface Tensor {
  readonly label: string;
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly length: number;
  readonly dtype: DType;
}

/** Bytes of one element. */
export const ELEMENT_BYTES = 4;

/** Alignment of tensor ranges inside a shared buffer, in bytes. */
export const BINDING_ALIGNMENT = 256;

/** Rounds a byte count up to the binding alignment. */
export function alignBytes(bytes: number): number {
  return Math.ceil(bytes / BINDING_ALIGNMENT) * BINDING_ALIGNMENT;
}

/** The sub-range of `count` elements that starts at element `start` (a multiple of 64) of `tensor`. Same owner. */
export function view(tensor: Tensor, start: number, count: number, label = tensor.label): Tensor {
  const offset = tensor.offset + start * ELEMENT_BYTES;
  if (offset % BINDING_ALIGNMENT !== 0)
    throw new RangeError(`${tensor.label}: element ${start} is not a multiple of 64, so it cannot be bound`);
  if (start + count > tensor.length)
    throw new RangeError(
      `${tensor.label}: elements ${start}–${start + count} exceed its length ${tensor.length}`,
    );
  return { label, buffer: tensor.buffer, offset, length: count, dtype: tensor.dtype };
}
