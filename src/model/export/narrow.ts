import { toHalves } from '../onnx/half.ts';
import type { SourceType } from '../weight-storage.ts';

/** f32 values as the little-endian bytes of a checkpoint's type, to the nearest and ties to even. F32 shares the values' memory. */
export function narrow(values: Float32Array<ArrayBuffer>, type: SourceType): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, byteLength } =
    type === 'F32' ? values : type === 'F16' ? toHalves(values) : toBrain(values);
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** f32 to bfloat16: the upper half of the word, rounded. NaN stays NaN. */
function toBrain(values: Float32Array<ArrayBuffer>): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const brains = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const upper = word >>> 16;
    // Adding half of the last kept bit carries into it; a tie carries only where that makes it even.
    brains[i] = (word & 0x7fff_ffff) > 0x7f80_0000 ? upper | 0x40 : (word + 0x7fff + (upper & 1)) >>> 16;
  }
  return brains;
}
