/** Streams of random numbers of a run: rollouts of training step s use stream s, everything else one from here up. */
export const STREAM = {
  evaluation: 0x4000_0000,
  teacher: 0x4100_0000,
  initialAdapter: 0x4200_0000,
  crossedQueries: 0x4300_0000,
  crossedAnswers: 0x4400_0000,
  crossedOrder: 0x4500_0000,
  gold: 0x4600_0000,
  targets: 0x4700_0000,
  benchmarks: 0x4800_0000,
  clauseEffects: 0x4a00_0000,
  inspection: 0x4b00_0000,
} as const;

/** A 32-bit seed from a run's seed and a step, so that every step can be replayed alone (murmur3's finaliser). */
export function mixSeed(seed: number, step: number): number {
  let h = (seed ^ Math.imul(step + 1, 0x9e37_79b9)) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
