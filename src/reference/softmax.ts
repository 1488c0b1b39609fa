/**
 * log Σ_v exp(row[v] / temperature) with the maximum taken out. −Infinity logits count as probability zero; a row
 * without a finite logit has no distribution and yields NaN.
 */
export function logSumExp(row: ArrayLike<number>, temperature = 1): number {
  let max = -Infinity;
  for (let v = 0; v < row.length; v++) max = Math.max(max, row[v]! / temperature);
  let sum = 0;
  for (let v = 0; v < row.length; v++) sum += Math.exp(row[v]! / temperature - max);
  return max + Math.log(sum);
}

/** row[v] / temperature − logSumExp(row, temperature). */
export function logSoftmax(row: ArrayLike<number>, temperature = 1): Float64Array {
  const lse = logSumExp(row, temperature);
  return Float64Array.from(row, z => z / temperature - lse);
}

/** exp(logSoftmax(row, temperature)). */
export function softmax(row: ArrayLike<number>, temperature = 1): Float64Array {
  return logSoftmax(row, temperature).map(Math.exp);
}

/** −Σ_v p_v log p_v in nats, with 0 log 0 = 0. */
export function entropy(logProbs: ArrayLike<number>): number {
  let sum = 0;
  for (let v = 0; v < logProbs.length; v++) {
    const p = Math.exp(logProbs[v]!);
    if (p > 0) sum -= p * logProbs[v]!;
  }
  return sum;
}
