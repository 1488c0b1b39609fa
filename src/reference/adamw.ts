export interface AdamwOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly eps: number;
  /** Decoupled: the parameter shrinks by learningRate · weightDecay before the Adam step. */
  readonly weightDecay: number;
}

/**
 * One step of AdamW (Loshchilov & Hutter 2017) in the arithmetic of torch.optim.AdamW; step counts from 1.
 *   θ ← θ (1 − lr·wd);  m ← β1 m + (1−β1) g;  v ← β2 v + (1−β2) g²
 *   θ ← θ − lr/(1−β1^step) · m / (sqrt(v)/sqrt(1−β2^step) + eps)
 * Overwrites parameter, moment1 and moment2, which the caller owns and starts at zero.
 */
export function adamwStep(
  parameter: Float64Array,
  gradient: ArrayLike<number>,
  moment1: Float64Array,
  moment2: Float64Array,
  step: number,
  { learningRate, beta1, beta2, eps, weightDecay }: AdamwOptions,
): void {
  const stepSize = learningRate / (1 - beta1 ** step);
  const root2 = Math.sqrt(1 - beta2 ** step);
  for (let i = 0; i < parameter.length; i++) {
    const g = gradient[i]!;
    moment1[i] = beta1 * moment1[i]! + (1 - beta1) * g;
    moment2[i] = beta2 * moment2[i]! + (1 - beta2) * g * g;
    const decayed = parameter[i]! * (1 - learningRate * weightDecay);
    parameter[i] = decayed - (stepSize * moment1[i]!) / (Math.sqrt(moment2[i]!) / root2 + eps);
  }
}

/** Euclidean norm over all the gradients together. */
export function globalNorm(gradients: Iterable<ArrayLike<number>>): number {
  let squares = 0;
  for (const gradient of gradients) {
    for (let i = 0; i < gradient.length; i++) squares += gradient[i]! ** 2;
  }
  return Math.sqrt(squares);
}

/** Factor of torch.nn.utils.clip_grad_norm_: min(1, maxNorm / (norm + 1e-6)). */
export function clipScale(norm: number, maxNorm: number): number {
  return Math.min(1, maxNorm / (norm + 1e-6));
}
