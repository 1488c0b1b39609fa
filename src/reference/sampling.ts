import { logSumExp } from './softmax.ts';

export interface SamplingOptions {
  /** Logits are divided by it; 0 means greedy: the largest logit, the lowest id among equals. */
  readonly temperature: number;
  /** Keeps every token whose logit reaches the k-th largest (ties stay); 0 keeps all. */
  readonly topK: number;
  /** Of what top-k left, keeps each token v for which the mass of strictly likelier tokens is below topP; 1 keeps all. */
  readonly topP: number;
}

export interface Sample {
  readonly token: number;
  /** Log-probability of the token under the unscaled, unfiltered logits (τ = 1), in nats. */
  readonly logProb: number;
  /**
   * Distance of u from the nearest edge of the token's interval on the kept tokens' normalised CDF (Infinity if greedy). A
   * lower-precision sampler must agree where it exceeds that sampler's error.
   */
  readonly margin: number;
}

/**
 * Draws one token of a row of logits: temperature, then top-k, then top-p (renormalised after top-k, as Hugging Face's warpers),
 * then inverse CDF over the kept tokens in ascending id: the first v whose cumulative mass exceeds u · total.
 * u in [0, 1). Both filters are thresholds on the logit, so equal logits are kept or dropped together and no sort order matters.
 */
export function sampleToken(logits: ArrayLike<number>, u: number, options: SamplingOptions): Sample {
  const lse = logSumExp(logits);
  if (options.temperature === 0) {
    const token = argmax(logits);
    return { token, logProb: logits[token]! - lse, margin: Infinity };
  }
  const mass = keptMass(logits, options);
  const total = mass.reduce((sum, m) => sum + m, 0);
  let below = 0;
  let token = -1;
  for (let v = 0; v < mass.length; v++) {
    if (mass[v] === 0) continue;
    if (token >= 0) below += mass[token]!;
    token = v;
    // Rounding may leave the last sum just short of the total: then the last kept token is taken.
    if (below + mass[v]! > u * total) break;
  }
  const margin = Math.min(u - below / total, (below + mass[token]!) / total - u);
  return { token, logProb: logits[token]! - lse, margin };
}

/** exp(z/τ − max) of each kept token, 0 for the others, [vocab]. */
export function keptMass(
  logits: ArrayLike<number>,
  { temperature, topK, topP }: SamplingOptions,
): Float64Array {
  const scaled = Float64Array.from(logits, z => z / temperature);
  const descending = scaled.toSorted().reverse();
  const max = descending[0]!;
  const kthLargest = topK > 0 && topK < scaled.length ? descending[topK - 1]! : -Infinity;
  const afterTopK = scaled.map(z => (z >= kthLargest ? Math.exp(z - max) : 0));
  if (topP >= 1) return afterTopK;
  const limit = topP * afterTopK.reduce((sum, m) => sum + m, 0);
  const threshold = nucleusThreshold(afterTopK, limit);
  return afterTopK.map(m => (m >= threshold ? m : 0));
}

/** Smallest mass m that occurs with Σ {masses > m} < limit; the largest mass always qualifies. */
function nucleusThreshold(mass: Float64Array, limit: number): number {
  const descending = mass.toSorted().reverse();
  let threshold = descending[0]!;
  let above = 0;
  for (let n = 1; n < descending.length; n++) {
    above += descending[n - 1]!;
    if (descending[n] === threshold) continue;
    if (above >= limit || descending[n] === 0) break;
    threshold = descending[n]!;
  }
  return threshold;
}

function argmax(row: ArrayLike<number>): number {
  let best = 0;
  for (let v = 1; v < row.length; v++) {
    if (row[v]! > row[best]!) best = v;
  }
  return best;
}
