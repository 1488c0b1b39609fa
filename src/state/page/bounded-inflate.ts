import { Inflate } from 'fflate';

/** Compressed bytes inflated at a time: at a thousand to one they make four megabytes. */
const PIECE = 4 * 1024;

/** What is wrong with compressed data: damaged, or larger than allowed. */
export type Unfoldable = 'broken' | 'more';

/**
 * Inflates raw deflate piece by piece and stops at `most` bytes, whatever size the data declare.
 * @returns the bytes, or why there are none
 */
export function inflateAtMost(data: Uint8Array, most: number): Uint8Array<ArrayBuffer> | Unfoldable {
  const whole = new Uint8Array(most);
  let filled = 0;
  const inflate = new Inflate(piece => {
    if (filled + piece.length <= most) whole.set(piece, filled);
    filled += piece.length;
  });
  for (let at = 0; at < data.length; at += PIECE) {
    try {
      inflate.push(data.slice(at, at + PIECE), at + PIECE >= data.length);
    } catch {
      return 'broken';
    }
    if (filled > most) return 'more';
  }
  return whole.subarray(0, filled);
}
