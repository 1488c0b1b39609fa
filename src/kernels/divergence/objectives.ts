/** A divergence of the student from a teacher, over the whole vocabulary, with the exact gradient. */
export type DivergenceObjective =
  /** KL(p‖q): seeks modes. */
  | { readonly kind: 'reverse-kl' }
  /** KL(q‖p): covers mass. */
  | { readonly kind: 'forward-kl' }
  /** β KL(q‖m) + (1 − β) KL(p‖m), m = (1 − β) p + β q; 0 ≤ β ≤ 1, switching to forward KL at 0 and to reverse KL at 1 (TRL). */
  | { readonly kind: 'jsd'; readonly beta: number };

/** A loss of the target token's log-probability alone; has no teacher and no temperature. */
export type LabelObjective =
  /** −log p(y): supervised fine-tuning and pretraining. */
  | { readonly kind: 'cross-entropy' }
  /** −A log p(y) with an advantage for each token: sampled-token distillation and outcome rewards. */
  | { readonly kind: 'policy-gradient' };

/** What a token's loss is. p = softmax(z_S / τ) is the student, q = softmax(z_T / τ) the teacher, y the target token. */
export type Objective = DivergenceObjective | LabelObjective;

export function isDivergence(objective: Objective): objective is DivergenceObjective {
  return objective.kind !== 'cross-entropy' && objective.kind !== 'policy-gradient';
}
