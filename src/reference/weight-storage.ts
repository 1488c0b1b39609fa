const BLOCK = 32;
const BLOCK_WORDS = 9;

/**
 * Blocks of 32 neighbours of a row in nine words: scale = f32(max |w| / 127), then q = w / scale to the nearest whole number, four
 * int8 to a word with the first in the lowest byte. A block of zeros has scale 0. |w − scale · q| ≤ scale / 2, but for the rounding
 * of the scale.
 */
export function packQ8(values: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array((values.length / BLOCK) * BLOCK_WORDS);
  const view = new DataView(words.buffer);
  for (let block = 0; block * BLOCK < values.length; block++) {
    const at = 4 * BLOCK_WORDS * block;
    let largest = 0;
    for (let i = 0; i < BLOCK; i++) largest = Math.max(largest, Math.abs(values[block * BLOCK + i]!));
    view.setFloat32(at, largest / 127, true);
    const scale = view.getFloat32(at, true);
    for (let i = 0; i < BLOCK; i++)
      view.setInt8(at + 4 + i, scale === 0 ? 0 : Math.round(values[block * BLOCK + i]! / scale));
  }
  return words;
}

/** scale · q, exact in f64. */
export function unpackQ8(words: Uint32Array<ArrayBuffer>): Float64Array {
  const view = new DataView(words.buffer, words.byteOffset, words.byteLength);
  return Float64Array.from({ length: (words.length / BLOCK_WORDS) * BLOCK }, (_, i) => {
    const at = 4 * BLOCK_WORDS * Math.floor(i / BLOCK);
    return view.getFloat32(at, true) * view.getInt8(at + 4 + (i % BLOCK));
  });
}

/** Two f16 to a word, the first in its low half; each value to the nearest f16, ties to even. */
export function packF16(values: ArrayLike<number>): Uint32Array<ArrayBuffer> {
  const words = new Uint32Array(values.length / 2);
  for (let i = 0; i < values.length; i++) words[i >> 1]! |= f16Bits(values[i]!) << (16 * (i % 2));
  return words;
}

export function unpackF16(words: Uint32Array): Float64Array {
  return Float64Array.from({ length: 2 * words.length }, (_, i) =>
    f16Value((words[i >> 1]! >>> (16 * (i % 2))) & 0xffff),
  );
}

/** IEEE 754 binary16. */
export function f16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 31) return fraction ? Number.NaN : sign * Infinity;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** The bits of the nearest f16, by bisection over those of its sign, which ascend with the size. */
function f16Bits(value: number): number {
  const size = Math.abs(value);
  let low = 0;
  let high = 0x7c00;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (f16Value(middle) <= size) low = middle;
    else high = middle;
  }
  // Infinity counts as the f16 that would follow the largest.
  const above = high === 0x7c00 ? 65_536 : f16Value(high);
  const rest = size - f16Value(low);
  const gap = above - size;
  const up = rest > gap || (rest === gap && low % 2 === 1);
  return (value < 0 ? 0x8000 : 0) | (up ? high : low);
}
