export interface RmsNormShape {
  readonly rows: number;
  readonly dim: number;
}

export interface RmsNormResult {
  /** [rows, dim] */
  readonly y: Float64Array;
  /** 1 / sqrt(mean(x²) + eps) of each row, [rows]: what backward reuses. */
  readonly rstd: Float64Array;
}

/**
 * y[r,i] = x[r,i] · rstd[r] · gain[i] with rstd[r] = 1 / sqrt(Σ_i x[r,i]² / dim + eps) (Zhang & Sennrich 2019, as in
 * Llama: eps inside the root, no mean subtracted, no bias).
 */
export function rmsNorm(
  x: ArrayLike<number>,
  gain: ArrayLike<number>,
  eps: number,
  { rows, dim }: RmsNormShape,
): RmsNormResult {
  const y = new Float64Array(rows * dim);
  const rstd = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    let squares = 0;
    for (let i = 0; i < dim; i++) squares += x[r * dim + i]! ** 2;
    const scale = 1 / Math.sqrt(squares / dim + eps);
    rstd[r] = scale;
    for (let i = 0; i < dim; i++) y[r * dim + i] = x[r * dim + i]! * scale * gain[i]!;
  }
  return { y, rstd };
}

/**
 * dx[r,i] = rstd (gain[i] dy[r,i] − x[r,i] rstd² / dim · Σ_j gain[j] dy[r,j] x[r,j]),
 * dgain[i] = Σ_r dy[r,i] x[r,i] rstd[r].
 */
export function rmsNormBackward(
  dy: ArrayLike<number>,
  x: ArrayLike<number>,
  gain: ArrayLike<number>,
  rstd: ArrayLike<number>,
  { rows, dim }: RmsNormShape,
): { dx: Float64Array; dgain: Float64Array } {
  const dx = new Float64Array(rows * dim);
  const dgain = new Float64Array(dim);
  for (let r = 0; r < rows; r++) {
    const scale = rstd[r]!;
    let dot = 0;
    for (let i = 0; i < dim; i++) dot += gain[i]! * dy[r * dim + i]! * x[r * dim + i]!;
    const pull = (dot * scale * scale) / dim;
    for (let i = 0; i < dim; i++) {
      const at = r * dim + i;
      dx[at] = scale * (gain[i]! * dy[at]! - x[at]! * pull);
      dgain[i]! += dy[at]! * x[at]! * scale;
    }
  }
  return { dx, dgain };
}
