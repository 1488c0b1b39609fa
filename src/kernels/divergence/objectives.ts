import type { Tensor } from '../../gpu/tensor.ts';
import type { Divergence } from '../../settings/objectives.ts';

/** A loss of the target token's log-probability alone; has no teacher and no temperature. */
export type LabelObjective =
  /** −log p(y): supervised fine-tuning and pretraining. */
  | { readonly kind: 'cross-entropy' }
  /** −A log p(y) with an advantage for each token, or what `PolicyTerms` make of it: sampled tokens and outcome rewards. */
  | { readonly kind: 'policy-gradient' };

/** What a token's loss is. p = softmax(z_S / τ) is the student, q = softmax(z_T / τ) the teacher, y the target token. */
export type TokenObjective = Divergence | LabelObjective;

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
