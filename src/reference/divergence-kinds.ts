/** Name of a divergence, with the number that some have. */
export interface DivergenceMember {
  readonly kind: DivergenceKind;
  /** Weight of the teacher in the mixture of 'jsd' (TRL's convention); 0 is forward KL, 1 reverse KL. Unused otherwise. */
  readonly beta?: number;
  /** Share of the distribution in front in the mixture of the skewed KLs, 0 ≤ λ < 1; 0 is the plain KL. Unused otherwise. */
  readonly lambda?: number;
  /** Order of 'alpha', 0 ≤ α ≤ 1; 0 is reverse KL, 1 forward KL. Unused otherwise. */
  readonly alpha?: number;
}

type DivergenceKind = 'reverse-kl' | 'forward-kl' | 'jsd' | 'skew-forward' | 'skew-reverse' | 'alpha';

export interface RowDivergence {
  readonly loss: number;
  /** ∂loss/∂z_v where p = softmax(z). */
  readonly gradient: Float64Array;
}

/**
 * Divergence of p from q, two distributions over the same outcomes given as log-probabilities, with its gradient in the logits
 * of p. A term with zero probability in front counts as zero.
 *   reverse-kl       KL(p‖q)
 *   forward-kl       KL(q‖p)
 *   jsd(β)           β KL(q‖m) + (1−β) KL(p‖m), m = (1−β) p + β q      (Agarwal et al. 2023, TRL's GKD)
 *   skew-forward(λ)  KL(q‖m), m = λ q + (1−λ) p                        (Ko et al. 2024, DistiLLM)
 *   skew-reverse(λ)  KL(p‖m), m = λ p + (1−λ) q                        (the same)
 *   alpha(α)         (1 − Σ q^α p^(1−α)) / (α (1−α))                   (Amari 1985)
 */
export function rowDivergence(
  logP: Float64Array,
  logQ: Float64Array,
  { kind, beta = 0.5, lambda = 0.1, alpha = 0.5 }: DivergenceMember,
): RowDivergence {
  if (
    kind === 'forward-kl' ||
    (kind === 'jsd' && beta === 0) ||
    (kind === 'skew-forward' && lambda === 0) ||
    (kind === 'alpha' && alpha === 1)
  )
    return { loss: klDivergence(logQ, logP), gradient: minus(logP.map(Math.exp), logQ.map(Math.exp)) };
  if (
    kind === 'reverse-kl' ||
    (kind === 'jsd' && beta === 1) ||
    (kind === 'skew-reverse' && lambda === 0) ||
    (kind === 'alpha' && alpha === 0)
  )
    return {
      loss: klDivergence(logP, logQ),
      gradient: throughSoftmax(
        logP,
        logP.map((lp, v) => logRatio(lp, logQ[v]!)),
      ),
    };
  if (kind === 'alpha') return alphaDivergence(logP, logQ, alpha);
  const teacherShare = { jsd: beta, 'skew-forward': lambda, 'skew-reverse': 1 - lambda }[kind];
  const studentShare = { jsd: 1 - beta, 'skew-forward': 1 - lambda, 'skew-reverse': lambda }[kind];
  const logM = logP.map((lp, v) => logAddExp(Math.log(studentShare) + lp, Math.log(teacherShare) + logQ[v]!));
  const logOver = logP.map((lp, v) => logRatio(lp, logM[v]!));
  if (kind === 'jsd')
    return {
      loss: beta * klDivergence(logQ, logM) + (1 - beta) * klDivergence(logP, logM),
      gradient: throughSoftmax(logP, logOver).map(g => (1 - beta) * g),
    };
  if (kind === 'skew-forward')
    return {
      loss: klDivergence(logQ, logM),
      gradient: throughSoftmax(
        logP,
        logQ.map((lq, v) => -(1 - lambda) * ratio(lq, logM[v]!)),
      ),
    };
  return {
    loss: klDivergence(logP, logM),
    gradient: throughSoftmax(
      logP,
      logOver.map((over, v) => over - lambda * ratio(logP[v]!, logM[v]!)),
    ),
  };
}

function alphaDivergence(logP: Float64Array, logQ: Float64Array, alpha: number): RowDivergence {
  // g = q^α p^(1−α) less the nearer of p and q: no cancellation near p = q or near an end, no overflow far from them.
  const [near, far, order] = alpha <= 0.5 ? [logP, logQ, alpha] : [logQ, logP, 1 - alpha];
  const surplus = near.map((log, v) => {
    if (log === -Infinity) return 0;
    const growth = order * (far[v]! - log);
    return Math.abs(growth) < 1 ? Math.exp(log) * Math.expm1(growth) : Math.exp(log + growth) - Math.exp(log);
  });
  // Σ g = Σ q^α p^(1−α) − 1
  const total = surplus.reduce((sum, term) => sum + term, 0);
  return {
    loss: -total / (alpha * (1 - alpha)),
    gradient: surplus.map((term, v) => {
      const p = Math.exp(logP[v]!);
      return (p * total - term + (p - Math.exp(near[v]!))) / alpha;
    }),
  };
}

/** p_v (g_v − Σ_u p_u g_u): the gradient in the logits of p from that in p, up to a constant. */
function throughSoftmax(logP: Float64Array, gradient: Float64Array): Float64Array {
  const weighted = logP.map((lp, v) => (lp === -Infinity ? 0 : Math.exp(lp) * gradient[v]!));
  const mean = weighted.reduce((sum, term) => sum + term, 0);
  return weighted.map((term, v) => term - Math.exp(logP[v]!) * mean);
}

function minus(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((x, v) => x - b[v]!);
}

/** Σ_v a_v (log a_v − log b_v) of two distributions given as log-probabilities. */
function klDivergence(logA: Float64Array, logB: Float64Array): number {
  let sum = 0;
  for (let v = 0; v < logA.length; v++) {
    const a = Math.exp(logA[v]!);
    if (a > 0) sum += a * logRatio(logA[v]!, logB[v]!);
  }
  return sum;
}

/** log(a/b), and 0 where a is zero, whose term its factor cancels anyway. */
function logRatio(logA: number, logB: number): number {
  return logA === -Infinity ? 0 : logA - logB;
}

/** a/b, and 0 where a is zero. */
function ratio(logA: number, logB: number): number {
  return logA === -Infinity ? 0 : Math.exp(logA - logB);
}

function logAddExp(a: number, b: number): number {
  const max = Math.max(a, b);
  return max === -Infinity ? max : max + Math.log(Math.exp(a - max) + Math.exp(b - max));
}
