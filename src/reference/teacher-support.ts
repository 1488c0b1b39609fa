import type { RowDivergence } from './divergence-kinds.ts';

/** Ids of the K largest values, the lowest ids first among equal ones: exactly K where there are as many. */
export function topIds(values: ArrayLike<number>, k: number): number[] {
  return Array.from({ length: values.length }, (_, id) => id)
    .sort((a, b) => values[b]! - values[a]! || a - b)
    .slice(0, k);
}

/**
 * A divergence on K + 1 outcomes: the teacher's K most likely tokens, and the bucket of all others with its mass under both.
 * The bucket's probability P is a sum of probabilities, so that ∂loss/∂z_v = (p_v / P) ∂loss/∂(logit of the bucket) for a
 * token v in it: the bucket is pushed as one, and shares its push as the student shares its mass.
 * Log-probabilities in nats, [vocab]; 0 < topK < vocab.
 */
export function bucketed(
  logP: Float64Array,
  logQ: Float64Array,
  topK: number,
  divergence: (logP: Float64Array, logQ: Float64Array) => RowDivergence,
): RowDivergence {
  const kept = topIds(logQ, topK);
  const inside = new Set(kept);
  const rest = Array.from(logP.keys()).filter(id => !inside.has(id));
  const outcomes = (logs: Float64Array): Float64Array =>
    Float64Array.from([...kept.map(id => logs[id]!), logSum(rest.map(id => logs[id]!))]);
  const coarseP = outcomes(logP);
  const row = divergence(coarseP, outcomes(logQ));
  const gradient = new Float64Array(logP.length);
  for (const [outcome, id] of kept.entries()) gradient[id] = row.gradient[outcome]!;
  const logBucket = coarseP[topK]!;
  for (const id of rest)
    gradient[id] = logP[id] === -Infinity ? 0 : Math.exp(logP[id]! - logBucket) * row.gradient[topK]!;
  return { loss: row.loss, gradient };
}

/** log Σ exp(x). */
function logSum(logs: readonly number[]): number {
  const top = logs.reduce((max, log) => Math.max(max, log), -Infinity);
  return top === -Infinity ? top : top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0));
}
