/** Shape of y = x Wᵀ: x [rows, inDim], W [outDim, inDim], y [rows, outDim], all row-major. */
export interface LinearShape {
  readonly rows: number;
  readonly inDim: number;
  readonly outDim: number;
}

/** y[r,o] = Σ_i x[r,i] W[o,i] + bias[o]; W as Hugging Face stores it, bias [outDim] optional. f64 throughout. */
export function linear(
  x: ArrayLike<number>,
  weight: ArrayLike<number>,
  { rows, inDim, outDim }: LinearShape,
  bias?: ArrayLike<number>,
): Float64Array {
  const y = new Float64Array(rows * outDim);
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < outDim; o++) {
      let sum = bias ? bias[o]! : 0;
      for (let i = 0; i < inDim; i++) sum += x[r * inDim + i]! * weight[o * inDim + i]!;
      y[r * outDim + o] = sum;
    }
  }
  return y;
}

/** dx[r,i] = Σ_o dy[r,o] W[o,i]. */
export function linearBackwardInput(
  dy: ArrayLike<number>,
  weight: ArrayLike<number>,
  { rows, inDim, outDim }: LinearShape,
): Float64Array {
  const dx = new Float64Array(rows * inDim);
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < outDim; o++) {
      const g = dy[r * outDim + o]!;
      for (let i = 0; i < inDim; i++) dx[r * inDim + i]! += g * weight[o * inDim + i]!;
    }
  }
  return dx;
}

/** dW[o,i] = Σ_r dy[r,o] x[r,i]. */
export function linearBackwardWeight(
  dy: ArrayLike<number>,
  x: ArrayLike<number>,
  { rows, inDim, outDim }: LinearShape,
): Float64Array {
  const dw = new Float64Array(outDim * inDim);
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < outDim; o++) {
      const g = dy[r * outDim + o]!;
      for (let i = 0; i < inDim; i++) dw[o * inDim + i]! += g * x[r * inDim + i]!;
    }
  }
  return dw;
}

/** dbias[o] = Σ_r dy[r,o]. */
export function linearBackwardBias(
  dy: ArrayLike<number>,
  { rows, outDim }: Pick<LinearShape, 'rows' | 'outDim'>,
): Float64Array {
  const dbias = new Float64Array(outDim);
  for (let r = 0; r < rows; r++) {
    for (let o = 0; o < outDim; o++) dbias[o]! += dy[r * outDim + o]!;
  }
  return dbias;
}
