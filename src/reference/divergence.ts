import { rowOf } from './cross-entropy.ts';
import { entropy, logSoftmax } from './softmax.ts';

export type DivergenceKind = 'reverse-kl' | 'forward-kl' | 'jsd';

export interface DivergenceOptions {
  readonly kind: DivergenceKind;
  /** Weight of the teacher in the mixture of 'jsd' (TRL's convention); 0 is forward KL, 1 reverse KL. Unused otherwise. */
  readonly beta?: number;
  /** Both logits are divided by τ for the loss; its gradient carries 1/τ and is not multiplied by τ². Default 1. */
  readonly temperature?: number;
}

export interface DivergenceInputs {
  /** [rows, vocab] */
  readonly student: ArrayLike<number>;
  /** [rows, vocab] */
  readonly teacher: ArrayLike<number>;
  /** The token that follows each row, for the log-prob metrics, [rows]. */
  readonly targets: ArrayLike<number>;
  /** Weight of each row in `loss` and `dlogits`, [rows]; 1/n is the mean over n rows, 0 leaves a row out. */
  readonly weights: ArrayLike<number>;
  readonly vocab: number;
}

export interface DivergenceResult {
  /** Σ_r weights[r] · rowLoss[r] */
  readonly loss: number;
  /** Divergence of each row in nats, unweighted, at temperature τ, [rows]. */
  readonly rowLoss: Float64Array;
  /** Gradient of `loss` with respect to the student's unscaled logits, [rows, vocab]. The teacher gets none. */
  readonly dlogits: Float64Array;
  /** Metrics below are those of the unscaled logits (τ = 1), whatever the loss's temperature: [rows] each, in nats. */
  readonly studentLogProb: Float64Array;
  readonly teacherLogProb: Float64Array;
  readonly studentEntropy: Float64Array;
  readonly teacherEntropy: Float64Array;
}

/**
 * With p = softmax(z_S/τ), q = softmax(z_T/τ):
 *   reverse-kl  KL(p‖q) = Σ p (log p − log q)             τ ∂/∂z_v = p_v (log p_v − log q_v − KL)
 *   forward-kl  KL(q‖p) = Σ q (log q − log p)             τ ∂/∂z_v = p_v − q_v
 *   jsd(β)      β KL(q‖m) + (1−β) KL(p‖m), m = (1−β)p + βq  τ ∂/∂z_v = (1−β) p_v (log(p_v/m_v) − KL(p‖m))
 * (Agarwal et al. 2023, TRL's GKD). A term with zero probability in front counts as zero, so −Infinity logits are
 * allowed where both sides have them; a reverse or forward KL is infinite where only the other side has one.
 */
export function divergence(inputs: DivergenceInputs, options: DivergenceOptions): DivergenceResult {
  const { student, teacher, targets, weights, vocab } = inputs;
  const temperature = options.temperature ?? 1;
  const rows = targets.length;
  const result = {
    rowLoss: new Float64Array(rows),
    dlogits: new Float64Array(rows * vocab),
    studentLogProb: new Float64Array(rows),
    teacherLogProb: new Float64Array(rows),
    studentEntropy: new Float64Array(rows),
    teacherEntropy: new Float64Array(rows),
  };
  let loss = 0;
  for (let r = 0; r < rows; r++) {
    const studentRow = rowOf(student, r, vocab);
    const teacherRow = rowOf(teacher, r, vocab);
    const row = divergenceRow(
      logSoftmax(studentRow, temperature),
      logSoftmax(teacherRow, temperature),
      options,
    );
    result.rowLoss[r] = row.loss;
    loss += weights[r]! * row.loss;
    for (let v = 0; v < vocab; v++) {
      result.dlogits[r * vocab + v] = (weights[r]! * row.gradient[v]!) / temperature;
    }
    const studentLogProbs = logSoftmax(studentRow);
    const teacherLogProbs = logSoftmax(teacherRow);
    result.studentLogProb[r] = studentLogProbs[targets[r]!]!;
    result.teacherLogProb[r] = teacherLogProbs[targets[r]!]!;
    result.studentEntropy[r] = entropy(studentLogProbs);
    result.teacherEntropy[r] = entropy(teacherLogProbs);
  }
  return { loss, ...result };
}

/** One row from log-probabilities already at temperature τ; gradient with respect to z_S/τ. */
function divergenceRow(
  logP: Float64Array,
  logQ: Float64Array,
  { kind, beta = 0.5 }: DivergenceOptions,
): { loss: number; gradient: Float64Array } {
  if (kind === 'forward-kl' || (kind === 'jsd' && beta === 0)) {
    return {
      loss: klDivergence(logQ, logP),
      gradient: logP.map((lp, v) => Math.exp(lp) - Math.exp(logQ[v]!)),
    };
  }
  if (kind === 'reverse-kl' || beta === 1) {
    const loss = klDivergence(logP, logQ);
    return { loss, gradient: logP.map((lp, v) => Math.exp(lp) * (logRatio(lp, logQ[v]!) - loss)) };
  }
  const logM = logP.map((lp, v) => logAddExp(Math.log(1 - beta) + lp, Math.log(beta) + logQ[v]!));
  const studentKl = klDivergence(logP, logM);
  return {
    loss: beta * klDivergence(logQ, logM) + (1 - beta) * studentKl,
    gradient: logP.map((lp, v) => (1 - beta) * Math.exp(lp) * (logRatio(lp, logM[v]!) - studentKl)),
  };
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

/** log(a/b), and 0 where both probabilities are zero, whose term its factor cancels anyway. */
function logRatio(logA: number, logB: number): number {
  return logA === -Infinity ? 0 : logA - logB;
}

function logAddExp(a: number, b: number): number {
  const max = Math.max(a, b);
  return max === -Infinity ? max : max + Math.log(Math.exp(a - max) + Math.exp(b - max));
}
