/**
 * Philox4x32-10 (Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3", SC'11): a counter-based generator. The same
 * key and counter give the same four u32 words on every device, so a rollout replays from its seed alone.
 */
export type Words4 = readonly [number, number, number, number];
export type Words2 = readonly [number, number];

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** Four uniform u32 words of a counter of four u32 words and a key of two. */
export function philox4x32(counter: Words4, key: Words2): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const [high0, low0] = multiply32(MULTIPLIER_0, c0);
    const [high1, low1] = multiply32(MULTIPLIER_1, c2);
    [c0, c1, c2, c3] = [(high1 ^ c1 ^ k0) >>> 0, low1, (high0 ^ c3 ^ k1) >>> 0, low0];
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [c0, c1, c2, c3];
}

/** High and low u32 of the 64-bit product, by 16-bit halves as WGSL, which has no 64-bit integers, must do it. */
function multiply32(a: number, b: number): readonly [high: number, low: number] {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const lowLow = aLow * bLow;
  const middle = aHigh * bLow + Math.floor(lowLow / 0x10000);
  const cross = aLow * bHigh + (middle % 0x10000);
  const high = aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000);
  return [high >>> 0, Math.imul(a, b) >>> 0];
}

/** Uniform in [0, 1) from the upper 24 bits of a word: exact in f32 as well, and never 1. */
export function uniform24(word: number): number {
  return (word >>> 8) / 0x1000000;
}

export interface SampleKey {
  readonly seed: number;
  readonly stream: number;
  /** Position of the token in its response. */
  readonly step: number;
  /** Rollout in the batch. */
  readonly row: number;
}

/** The lab's one draw per sampled token: first word of Philox with key (seed, stream), counter (step, row, 0, 0), all u32. */
export function sampleUniform({ seed, stream, step, row }: SampleKey): number {
  return uniform24(philox4x32([step >>> 0, row >>> 0, 0, 0], [seed >>> 0, stream >>> 0])[0]);
}
