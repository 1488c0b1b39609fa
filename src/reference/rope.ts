/** Llama 3's scaling of the frequencies, in transformers' terms. */
export interface RopeScaling {
  readonly factor: number;
  readonly lowFreqFactor: number;
  readonly highFreqFactor: number;
  readonly originalContextLength: number;
}

export interface RopeShape {
  readonly rows: number;
  readonly heads: number;
  /** Even: dimension i is paired with i + headDim / 2 ("half-split", as in Hugging Face's Llama). */
  readonly headDim: number;
  /** Base of the frequencies: pair i turns by position · theta^(−2i / headDim). */
  readonly theta: number;
  readonly scaling?: RopeScaling | null | undefined;
}

/** Rotary position embedding (Su et al. 2021) of x [rows, heads, headDim] at position [rows]. Returns a new array. */
export function rope(x: ArrayLike<number>, position: ArrayLike<number>, shape: RopeShape): Float64Array {
  return rotate(x, position, shape, 1);
}

/** A rotation's transpose is its inverse: the gradient is turned by the negative angle. */
export function ropeBackward(
  dy: ArrayLike<number>,
  position: ArrayLike<number>,
  shape: RopeShape,
): Float64Array {
  return rotate(dy, position, shape, -1);
}

function rotate(
  x: ArrayLike<number>,
  position: ArrayLike<number>,
  { rows, heads, headDim, theta, scaling }: RopeShape,
  direction: 1 | -1,
): Float64Array {
  const half = headDim / 2;
  const y = new Float64Array(rows * heads * headDim);
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < half; i++) {
      const angle = direction * position[r]! * scaled(theta ** ((-2 * i) / headDim), scaling);
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      for (let h = 0; h < heads; h++) {
        const low = (r * heads + h) * headDim + i;
        const high = low + half;
        y[low] = x[low]! * cos - x[high]! * sin;
        y[high] = x[high]! * cos + x[low]! * sin;
      }
    }
  }
  return y;
}

/**
 * By wavelength w = 2π / f: as it is where w < L / high, f / factor where w > L / low, and between them
 * (1 − s) f / factor + s f with s = (L / w − low) / (high − low) (Llama 3.1).
 */
function scaled(frequency: number, scaling: RopeScaling | null | undefined): number {
  if (!scaling) return frequency;
  const { factor, lowFreqFactor: low, highFreqFactor: high, originalContextLength: length } = scaling;
  const wavelength = (2 * Math.PI) / frequency;
  if (wavelength < length / high) return frequency;
  if (wavelength > length / low) return frequency / factor;
  const smooth = (length / wavelength - low) / (high - low);
  return ((1 - smooth) * frequency) / factor + smooth * frequency;
}
