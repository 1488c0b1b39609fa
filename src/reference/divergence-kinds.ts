import type { Divergence, DivergenceKind } from '../settings/objectives.ts';

export interface RowDivergence {
  readonly loss: number;
  /** ∂loss/∂z_v where p = softmax(z). */
  readonly gradient: Float64Array;
}

type Formula<Kind extends DivergenceKind> = (
  logP: Float64Array,
  logQ: Float64Array,
  divergence: Extract<Divergence, { readonly kind: Kind }>,
) => RowDivergence;

/** At an end of its number, where its formula vanishes or divides by zero, a divergence is the plain KL that is its limit or TRL's choice. */
const FORMULAS: { readonly [Kind in DivergenceKind]: Formula<Kind> } = {
  // KL(p‖q)
  'reverse-kl': (logP, logQ) => ({
    loss: klDivergence(logP, logQ),
    gradient: throughSoftmax(
      logP,
      logP.map((lp, v) => logRatio(lp, logQ[v]!)),
    ),
  }),

  // KL(q‖p)
  'forward-kl': (logP, logQ) => ({
    loss: klDivergence(logQ, logP),
    gradient: minus(logP.map(Math.exp), logQ.map(Math.exp)),
  }),

  // β KL(q‖m) + (1−β) KL(p‖m), m = (1−β) p + β q (Agarwal et al. 2023, TRL's GKD)
  jsd(logP, logQ, { beta }) {
    if (beta === 0) return forwardKl(logP, logQ);
    if (beta === 1) return reverseKl(logP, logQ);
    const logM = mixture(logP, logQ, beta);
    return {
      loss: beta * klDivergence(logQ, logM) + (1 - beta) * klDivergence(logP, logM),
      gradient: throughSoftmax(
        logP,
        logP.map((lp, v) => logRatio(lp, logM[v]!)),
      ).map(g => (1 - beta) * g),
    };
  },

  // KL(q‖m), m = λ q + (1−λ) p (Ko et al. 2024, DistiLLM)
  'skew-forward'(logP, logQ, { lambda }) {
    if (lambda === 0) return forwardKl(logP, logQ);
    const logM = mixture(logP, logQ, lambda);
    return {
      loss: klDivergence(logQ, logM),
      gradient: throughSoftmax(
        logP,
        logQ.map((lq, v) => -(1 - lambda) * ratio(lq, logM[v]!)),
      ),
    };
  },

  // KL(p‖m), m = λ p + (1−λ) q (the same)
  'skew-reverse'(logP, logQ, { lambda }) {
    if (lambda === 0) return reverseKl(logP, logQ);
    const logM = mixture(logP, logQ, 1 - lambda, lambda);
    return {
      loss: klDivergence(logP, logM),
      gradient: throughSoftmax(
        logP,
        logP.map((lp, v) => logRatio(lp, logM[v]!) - lambda * ratio(lp, logM[v]!)),
      ),
    };
  },

  // (1 − Σ q^α p^(1−α)) / (α (1−α)) (Amari 1985)
  alpha(logP, logQ, { alpha }) {
    if (alpha === 0) return reverseKl(logP, logQ);
    if (alpha === 1) return forwardKl(logP, logQ);
    // g = q^α p^(1−α) less the nearer of p and q: no cancellation near p = q or near an end, no overflow far from them.
    const [near, far, order] = alpha <= 0.5 ? [logP, logQ, alpha] : [logQ, logP, 1 - alpha];
    const surplus = near.map((log, v) => {
      if (log === -Infinity) return 0;
      const growth = order * (far[v]! - log);
      return Math.abs(growth) < 1
        ? Math.exp(log) * Math.expm1(growth)
        : Math.exp(log + growth) - Math.exp(log);
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
  },
};

/**
 * Divergence of p from q, two distributions over the same outcomes given as log-probabilities, with its gradient in the logits
 * of p. A term with zero probability in front counts as zero.
 */
export const rowDivergence = (
  logP: Float64Array,
  logQ: Float64Array,
  divergence: Divergence,
): RowDivergence => (FORMULAS[divergence.kind] as Formula<DivergenceKind>)(logP, logQ, divergence);

const reverseKl = (logP: Float64Array, logQ: Float64Array): RowDivergence =>
  rowDivergence(logP, logQ, { kind: 'reverse-kl' });

const forwardKl = (logP: Float64Array, logQ: Float64Array): RowDivergence =>
  rowDivergence(logP, logQ, { kind: 'forward-kl' });

/** log((1 − share) p + share q) */
const mixture = (
  logP: Float64Array,
  logQ: Float64Array,
  teacherShare: number,
  studentShare = 1 - teacherShare,
): Float64Array =>
  logP.map((lp, v) => logAddExp(Math.log(studentShare) + lp, Math.log(teacherShare) + logQ[v]!));

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
