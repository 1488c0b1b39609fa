import { crossEntropy, type CrossEntropyResult } from './cross-entropy.ts';

/**
 * Policy-gradient loss of sampled tokens: Σ_r weights[r] · (−A_r log p_r(y_r)), whose gradient with respect to the logits is
 * weights[r] A_r (p_v − [v = y_r]). The advantage is a constant. Logits unscaled (τ = 1), [rows, vocab].
 * On the step that sampled the tokens this is also the gradient of PPO's clipped ratio loss, whose ratio is 1.
 */
export function policyGradient(
  logits: ArrayLike<number>,
  sampled: ArrayLike<number>,
  advantage: ArrayLike<number>,
  weights: ArrayLike<number>,
  vocab: number,
): CrossEntropyResult {
  const scaled = Float64Array.from(weights, (w, r) => w * advantage[r]!);
  const { loss, rowLoss, dlogits } = crossEntropy(logits, sampled, scaled, vocab);
  return { loss, rowLoss: rowLoss.map((nll, r) => advantage[r]! * nll), dlogits };
}
