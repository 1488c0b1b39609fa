/**
 * Llama 3's scaling (Llama 3.1, as in transformers' type `llama3`): low frequencies are lowered further, for contexts longer than in
 * pretraining.
 */
export interface RopeScaling {
  /** Divides the low frequencies. */
  readonly factor: number;
  /** A pair with fewer rotations than this within `originalContextLength` has a low frequency. */
  readonly lowFreqFactor: number;
  /** A pair with more rotations than this is left alone; above `lowFreqFactor`. */
  readonly highFreqFactor: number;
  readonly originalContextLength: number;
}

/**
 * Radians per position by which pair i < headDim / 2 is rotated: f_i = theta^(−2i / headDim), or with `scaling`
 * f_i · ((1 − s) / factor + s) with s = clamp((L f_i / 2π − low) / (high − low), 0, 1). Computed in f64, rounded once.
 */
export function inverseFrequencies(
  headDim: number,
  theta: number,
  scaling: RopeScaling | null = null,
): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: headDim / 2 }, (_, i) =>
    scaledFrequency(theta ** ((-2 * i) / headDim), scaling),
  );
}

/** A frequency as `inverseFrequencies` scales it. */
export function scaledFrequency(frequency: number, scaling: RopeScaling | null): number {
  if (!scaling) return frequency;
  const { factor, lowFreqFactor, highFreqFactor, originalContextLength } = scaling;
  const turns = (originalContextLength * frequency) / (2 * Math.PI);
  const smooth = Math.min(Math.max((turns - lowFreqFactor) / (highFreqFactor - lowFreqFactor), 0), 1);
  return frequency * ((1 - smooth) / factor + smooth);
}
