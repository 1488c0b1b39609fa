import { logSoftmax } from './softmax.ts';

export interface CrossEntropyResult {
  /** Σ_r weights[r] · rowLoss[r] */
  readonly loss: number;
  /** −log p(target) of each row in nats, unweighted, [rows]. */
  readonly rowLoss: Float64Array;
  /** weights[r] (p_v − [v = target]), [rows, vocab]: gradient of `loss`. */
  readonly dlogits: Float64Array;
}

/** Weighted cross-entropy of logits [rows, vocab]. A mean over n rows is weights = 1 / n; weight 0 leaves a row out. */
export function crossEntropy(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  weights: ArrayLike<number>,
  vocab: number,
): CrossEntropyResult {
  const rows = targets.length;
  const rowLoss = new Float64Array(rows);
  const dlogits = new Float64Array(rows * vocab);
  let loss = 0;
  for (let r = 0; r < rows; r++) {
    const logProbs = logSoftmax(rowOf(logits, r, vocab));
    rowLoss[r] = -logProbs[targets[r]!]!;
    loss += weights[r]! * rowLoss[r]!;
    for (let v = 0; v < vocab; v++) dlogits[r * vocab + v] = weights[r]! * Math.exp(logProbs[v]!);
    dlogits[r * vocab + targets[r]!]! -= weights[r]!;
  }
  return { loss, rowLoss, dlogits };
}

/** Copy of row r of a [rows, width] matrix. */
export function rowOf(matrix: ArrayLike<number>, r: number, width: number): Float64Array {
  return Float64Array.from({ length: width }, (_, i) => matrix[r * width + i]!);
}
