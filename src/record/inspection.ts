import { isDivergence, type Objective } from '../settings/objectives.ts';
import type { QueryKind } from '../contract/world.ts';

/** Tokens in order with a number each, flat: index into the record's `pieces`, number, index, number, … */
export type PieceList = readonly number[];

/**
 * One answer to a held-out query, read token by token out of the divergence head at a step. Numbers have four significant digits;
 * log-probabilities, entropies and divergences are in nats. The lists have an entry a token: its position in the answer.
 */
export interface InspectionRecord {
  readonly step: number;
  readonly prompt: string;
  readonly kind: QueryKind;
  /**
   * `current`: what the student answers at this step. `initial`: what it answered before step 1, the same text at every step; at
   * step 0 they are one, and told once, as `initial`.
   */
  readonly answer: 'current' | 'initial';
  /** Texts of the tokens that the record names, each once. */
  readonly pieces: readonly string[];
  /** The answer y as indices into `pieces`, its end of turn included. */
  readonly tokens: readonly number[];
  /** The token's loss under the run's divergence, or its reverse KL at τ = 1 where the objective is none (`inspectedObjective`). */
  readonly divergence: readonly number[];
  /** log π(y_t) of student, teacher and base at τ = 1. */
  readonly student: readonly number[];
  readonly teacher: readonly number[];
  readonly base: readonly number[];
  readonly studentEntropy: readonly number[];
  readonly teacherEntropy: readonly number[];
  /** Likeliest next tokens with their probabilities; those below `LEAST_PROBABILITY` are left out after the first. */
  readonly topStudent: readonly PieceList[];
  readonly topTeacher: readonly PieceList[];
  readonly topBase: readonly PieceList[];
  /**
   * The most negative and the most positive entries of ∂loss/∂z_S, the gradient of the token's own loss: a step of descent raises
   * the logits of the first and lowers those of the second. What is below `LEAST_PULL` is left out.
   */
  readonly raised: readonly PieceList[];
  readonly lowered: readonly PieceList[];
}

/** Likeliest tokens and strongest pulls that a record keeps of each token. */
export const INSPECTED_ENTRIES = 5;

export const LEAST_PROBABILITY = 1e-3;

/** A pull that is smaller, or below `share` of the token's strongest one, is left out. */
export const LEAST_PULL = { gradient: 1e-4, share: 0.02 };

/** The divergence that an inspection measures: the run's own, or the reverse KL where its objective is no divergence. */
export function inspectedObjective({ objective }: { readonly objective: Objective }): Objective {
  return isDivergence(objective) ? objective : { kind: 'reverse-kl' };
}
