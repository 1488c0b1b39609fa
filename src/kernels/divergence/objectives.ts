import type { Tensor } from '../../gpu/tensor.ts';

/** A divergence of the student from a teacher, over the whole vocabulary or the teacher's top tokens, with the exact gradient. */
export type DivergenceObjective =
  /** KL(p‖q): seeks modes. */
  | { readonly kind: 'reverse-kl' }
  /** KL(q‖p): covers mass. */
  | { readonly kind: 'forward-kl' }
  /**
   * β KL(q‖m) + (1 − β) KL(p‖m), m = (1 − β) p + β q; 0 ≤ β ≤ 1, switching to forward KL at 0 and to reverse KL at 1. β and τ are
   * `beta` and `temperature` of TRL's `generalized_jsd_loss` as they are, which has no τ² either.
   */
  | { readonly kind: 'jsd'; readonly beta: number }
  /** KL(q‖m), m = λ q + (1 − λ) p; 0 ≤ λ < 1, forward KL at 0 (DistiLLM, arXiv 2402.03898). */
  | { readonly kind: 'skew-forward'; readonly lambda: number }
  /** KL(p‖m), m = λ p + (1 − λ) q; 0 ≤ λ < 1, reverse KL at 0 (DistiLLM). */
  | { readonly kind: 'skew-reverse'; readonly lambda: number }
  /** (1 − Σ q^α p^(1−α)) / (α (1 − α)); 0 ≤ α ≤ 1, reverse KL at 0 and forward KL at 1 (Amari). */
  | { readonly kind: 'alpha'; readonly alpha: number };

/** A loss of the target token's log-probability alone; has no teacher and no temperature. */
export type LabelObjective =
  /** −log p(y): supervised fine-tuning and pretraining. */
  | { readonly kind: 'cross-entropy' }
  /** −A log p(y) with an advantage for each token, or what `PolicyTerms` make of it: sampled tokens and outcome rewards. */
  | { readonly kind: 'policy-gradient' };

/** What a token's loss is. p = softmax(z_S / τ) is the student, q = softmax(z_T / τ) the teacher, y the target token. */
export type Objective = DivergenceObjective | LabelObjective;

/** Changes to the loss of a divergence. */
export interface Shaping {
  /**
   * The divergence is taken between K + 1 outcomes: the teacher's K most likely tokens, of equal ones those with the lowest ids, and
   * one bucket of all others. A token of the bucket gets p_v / P of the bucket's gradient, P the bucket's mass. 0 (default), and
   * any K from the vocabulary's size on, is the whole vocabulary.
   */
  readonly topK?: number;
  /** c: the token's loss is min(loss, c), in nats, and has no gradient above c. 0 (default) clips nothing. */
  readonly tokenClip?: number;
}

/** What policy gradients add to −A log p(y), all at τ = 1. Log-probabilities are [tokens], of the target token, in nats. */
export interface PolicyTerms {
  /**
   * PPO (Schulman et al. 2017): −min(ρ A, clip(ρ, 1 − ε, 1 + ε) A) instead, ρ = p(y) / p_old(y), which has the same gradient where
   * p = p_old. ε = `clipRatio` between 0 and 1; 0 clips nothing. ρ is held at e^80, so that it stays a number.
   */
  readonly proximal?: { readonly clipRatio: number; readonly oldLogProb: Tensor };
  /**
   * + κ (e^d − d − 1), d = log p_ref(y) − log p(y): on the policy's own samples an unbiased estimate of κ KL(p‖p_ref) that is never
   * negative (Schulman's k3). κ = `weight` ≥ 0. e^d is held at e^80.
   */
  readonly anchor?: { readonly weight: number; readonly referenceLogProb: Tensor };
}

export function isDivergence(objective: Objective): objective is DivergenceObjective {
  return objective.kind !== 'cross-entropy' && objective.kind !== 'policy-gradient';
}
