/**
 * Llama 3's scaling (Llama 3.1, as in transformers' type `llama3`): slow turns are slowed further, for contexts longer than those that
 * the model was first trained on.
 */
export interface RopeScaling {
  /** Divides the frequencies of slow turns. */
  readonly factor: number;
  /** A pair that turns fewer times than this within `originalContextLength` is slow. */
  readonly lowFreqFactor: number;
  /** A pair that turns more often than this is left alone; above `lowFreqFactor`. */
  readonly highFreqFactor: number;
  readonly originalContextLength: number;
}

/**
 * Radians that pair i < headDim / 2 turns by at each position: f_i = theta^(−2i / headDim), or with `scaling`
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
