/** Largest finite f16. */
export const MAX_HALF = 65_504;

/**
 * f32 to f16 (IEEE 754 binary16), to the nearest and ties to even, subnormals included. Returns the bit patterns. Beyond
 * ±65,519 the result is an infinity; NaN stays NaN.
 */
export function toHalves(values: Float32Array): Uint16Array<ArrayBuffer> {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) halves[i] = halfBits(words[i]!);
  return halves;
}

function halfBits(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fff_ffff;
  if (magnitude > 0x7f80_0000) return sign | 0x7e00;
  // 65,520 lies halfway between the largest f16 and what would be the next: it rounds up, to infinity.
  if (magnitude >= 0x477f_f000) return sign | 0x7c00;
  if (magnitude >= 0x3880_0000) return sign | roundedShift(magnitude - 0x3800_0000, 13);
  // Subnormal f16: the fraction with its hidden bit, in units of 2^-24.
  const exponent = magnitude >>> 23;
  return exponent < 102 ? sign : sign | roundedShift((magnitude & 0x7f_ffff) | 0x80_0000, 126 - exponent);
}

/** value / 2^bits to the nearest whole number, ties to even. */
function roundedShift(value: number, bits: number): number {
  const whole = value >>> bits;
  const rest = value - whole * 2 ** bits;
  const half = 2 ** (bits - 1);
  return whole + (rest > half || (rest === half && whole % 2 === 1) ? 1 : 0);
}
