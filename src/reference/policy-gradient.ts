import { crossEntropy, type CrossEntropyResult } from './cross-entropy.ts';

/** Log-probabilities are those of the sampled tokens, [rows]. */
export interface PolicyGradientTerms {
  /** PPO's clipped ratio to the policy that sampled; ε = `clipRatio`, 0 clips nothing. */
  readonly proximal?: { readonly clipRatio: number; readonly oldLogProb: ArrayLike<number> };
  /** κ = `weight` times k3 to a reference policy. */
  readonly anchor?: { readonly weight: number; readonly referenceLogProb: ArrayLike<number> };
}

/**
 * Policy-gradient loss of sampled tokens: Σ_r weights[r] · L_r. The advantage A is a constant. Logits unscaled (τ = 1), [rows, vocab].
 *   L = −A log p(y)                              or, with `proximal` (Schulman et al. 2017),
 *   L = −min(ρ A, clip(ρ, 1 − ε, 1 + ε) A)       ρ = p(y) / p_old(y)
 *   and, with `anchor`, + κ (e^d − d − 1)        d = log p_ref(y) − log p(y)
 * The gradient in the logits is −∂L/∂log p(y) · (p_v − [v = y]). Where the policy is the one that sampled, ρ = 1, and the gradient of
 * the clipped ratio is that of −A log p(y).
 */
export function policyGradient(
  logits: ArrayLike<number>,
  sampled: ArrayLike<number>,
  advantage: ArrayLike<number>,
  weights: ArrayLike<number>,
  vocab: number,
  { proximal, anchor }: PolicyGradientTerms = {},
): CrossEntropyResult {
  const nll = crossEntropy(logits, sampled, weights, vocab).rowLoss;
  const tokens = Array.from(nll, (value, r) => {
    const logProb = -value;
    const a = advantage[r]!;
    const sample = proximal
      ? clippedRatio(logProb - proximal.oldLogProb[r]!, a, proximal.clipRatio)
      : { loss: -a * logProb, pull: a };
    if (!anchor) return sample;
    const d = anchor.referenceLogProb[r]! - logProb;
    return {
      loss: sample.loss + anchor.weight * (Math.expm1(d) - d),
      pull: sample.pull + anchor.weight * Math.expm1(d),
    };
  });
  const pulls = tokens.map(({ pull }, r) => weights[r]! * pull);
  return {
    loss: tokens.reduce((sum, { loss }, r) => sum + weights[r]! * loss, 0),
    rowLoss: Float64Array.from(tokens, ({ loss }) => loss),
    dlogits: crossEntropy(logits, sampled, pulls, vocab).dlogits,
  };
}

/** PPO's loss of one token from log ρ, and −∂loss/∂log p. */
function clippedRatio(logRatio: number, a: number, clipRatio: number): { loss: number; pull: number } {
  const ratio = Math.exp(logRatio);
  const free = ratio * a;
  const held = clipRatio > 0 ? Math.min(1 + clipRatio, Math.max(1 - clipRatio, ratio)) * a : free;
  return held < free ? { loss: -held, pull: 0 } : { loss: -free, pull: free };
}
