/** What `gradientNorm` leaves: the norm before clipping, and how many elements were not finite (the step was skipped then). */
export interface GradientReport {
  readonly norm: number;
  readonly nonFinite: number;
}

export function readNorm(words: ArrayBuffer): GradientReport {
  return { norm: new Float32Array(words)[0]!, nonFinite: new Uint32Array(words)[2]! };
}
