/** A seeded source of test data: the same numbers in Node and in every browser. */
export interface TestRandom {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Integer in [0, limit). */
  integer(limit: number): number;
  /** Standard normal. */
  normal(): number;
  /** `count` normals times `scale`. */
  normals(count: number, scale?: number): Float64Array;
}

/** mulberry32: 32 bits of state, enough for test tensors. Independent of the code under test. */
export function testRandom(seed: number): TestRandom {
  let state = seed >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    integer: limit => Math.floor(uniform() * limit),
    normals: (count, scale = 1) => Float64Array.from({ length: count }, () => normal() * scale),
  };
}
