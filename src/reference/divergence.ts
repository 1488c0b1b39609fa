import { rowOf } from './cross-entropy.ts';
import type { Divergence } from '../settings/objectives.ts';
import { rowDivergence, type RowDivergence } from './divergence-kinds.ts';
import { entropy, logSoftmax } from './softmax.ts';
import { bucketed } from './teacher-support.ts';

export type DivergenceOptions = Divergence & {
  /** Both logits are divided by τ for the loss; its gradient carries 1/τ and is not multiplied by τ². Default 1. */
  readonly temperature?: number;
  /** Outcomes are the teacher's K most likely tokens and one bucket of all others; 0 (default) is the whole vocabulary. */
  readonly topK?: number;
  /** A row's loss is min(loss, c), without gradient above c; 0 (default) clips nothing. */
  readonly tokenClip?: number;
};

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
  /** Divergence of each row in nats, unweighted, at temperature τ, clipped, [rows]. */
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
 * Divergence of p = softmax(z_S/τ) from q = softmax(z_T/τ) of every row (`rowDivergence` has the formulas), and its gradient,
 * which carries 1/τ. −Infinity logits are allowed where both sides have them; a reverse or forward KL is infinite where only the
 * other side has one.
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
    const row = shaped(logSoftmax(studentRow, temperature), logSoftmax(teacherRow, temperature), options);
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

/** One row from log-probabilities at τ, on the outcomes and with the clip that the options name; gradient in z_S/τ. */
function shaped(logP: Float64Array, logQ: Float64Array, options: DivergenceOptions): RowDivergence {
  const { topK = 0, tokenClip = 0 } = options;
  const row =
    topK > 0 && topK < logP.length
      ? bucketed(logP, logQ, topK, (p, q) => rowDivergence(p, q, options))
      : rowDivergence(logP, logQ, options);
  return tokenClip > 0 && row.loss > tokenClip
    ? { loss: tokenClip, gradient: row.gradient.map(() => 0) }
    : row;
}
