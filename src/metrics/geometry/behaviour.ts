import type { LeakageRecord } from '../../record/geometry-record.ts';
import type { Uniform } from './resampling.ts';
import { leakage, type ReadShift } from './leakage.ts';

/** Probabilities are clamped this far from 0 and 1: f32 log-probabilities are no more precise. */
const LEAST_PROBABILITY = 1e-6;

/** log P(R) − log(1 − P(R)), the log-odds that an answer opens a refusal; P is cut to [10⁻⁶, 1 − 10⁻⁶]. */
export function refusalScore(probability: number): number {
  const p = Math.min(1 - LEAST_PROBABILITY, Math.max(LEAST_PROBABILITY, probability));
  return Math.log(p) - Math.log1p(-p);
}

/** A policy's behaviour on one query, measured without hidden states. */
export interface Behaviour {
  /** P(R): probability that the first token of the answer opens a refusal. */
  readonly refusal: number;
  /** Mean entropy of the answer in nats a token, or any other figure that falls as answers contract. */
  readonly expressiveness: number;
}

/**
 * Behavioural twin of leakage on one kind of query: change of expressiveness (entropy) per change of refusal score, with the same error,
 * and null where no push was measured. Queries of both lists are in the same order.
 */
export function behaviouralLeakage(
  base: readonly Behaviour[],
  now: readonly Behaviour[],
  uniform: Uniform,
): LeakageRecord {
  const shifts = now.map((behaviour, query): ReadShift => {
    const before = base[query]!;
    return {
      safety: refusalScore(behaviour.refusal) - refusalScore(before.refusal),
      expressiveness: behaviour.expressiveness - before.expressiveness,
    };
  });
  return leakage([shifts], null, uniform);
}
