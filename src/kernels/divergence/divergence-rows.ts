import type { StepEncoder } from '../../gpu/encoder.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { spread } from '../elementwise/launch.ts';
import { isDivergence, type DivergenceObjective, type Objective } from './objectives.ts';
import { rowKernelSpec } from './row-kernels.ts';

/** Columns of the metrics, f32, one row a token, nats. */
export const METRIC = {
  /** Value of the objective, unweighted, at its temperature. */
  loss: 0,
  /** log p(y), like every column below at τ = 1. */
  studentLogProb: 1,
  /** log q(y) */
  teacherLogProb: 2,
  /** −Σ p log p */
  studentEntropy: 3,
  /** −Σ q log q */
  teacherEntropy: 4,
  /** KL(p‖q), whatever the objective. Not negative but for rounding (about −1e-6). */
  reverseKl: 5,
  /** 1 where y is the student's most likely token, else 0. */
  studentTopIsTarget: 6,
  /** 1 where student and teacher have the same most likely token, else 0. */
  topAgrees: 7,
} as const;

/** Columns of the metrics: `METRIC` names them. */
export const METRIC_COLUMNS = 8;

/** A chunk of a large vocabulary is a few dozen rows: smaller groups spread them over the cores of a software adapter. */
const MOST_ROWS_PER_GROUP = 16;

export interface DivergenceRowsArgs {
  readonly objective: Objective;
  /** z_S [rows, vocab]; becomes weight · ∂loss/∂z_S where `gradient` is true, else stays. */
  readonly studentLogits: Tensor;
  /** z_T [rows, vocab], required by divergences, unused by label objectives. */
  readonly teacherLogits?: Tensor;
  /** Token y after each token, u32 [tokens]; read, but without effect on the gradient, where the weight is 0. */
  readonly target: Tensor;
  /** Mask times scale of each token, [tokens]. Where it is 0 the gradient is exactly 0. */
  readonly weight: Tensor;
  /** A of each token, [tokens]; required by 'policy-gradient'. */
  readonly advantage?: Tensor;
  /** [tokens, METRIC_COLUMNS]. */
  readonly metrics: Tensor;
  /** Token of the first row: row r of the logits belongs to token rowStart + r. */
  readonly rowStart: number;
  readonly rows: number;
  readonly vocab: number;
  /** τ > 0, by which both logits are divided: for divergences alone, default 1. */
  readonly temperature?: number;
  readonly gradient: boolean;
}

/**
 * Loss, metrics and gradient of `rows` response tokens from logits in place. One pass over a row for the statistics
 * (streaming log-sum-exp of both models, entropies and both KLs), one more for the sums of a JSD, one for the gradient; τ ≠ 1
 * costs two more exponentials a logit in the first pass, because the metrics stay those of unscaled logits. The gradient carries
 * 1/τ and no τ². Sums are f32 in two levels in an order that the tuning alone decides. Logits must be finite and above −1e37; a
 * NaN or an infinity makes the row's loss and gradient NaN.
 * Divergences write all columns of the metrics; label objectives leave those of the teacher as they are.
 * @throws RangeError, TypeError on a temperature, β or missing tensor that would give wrong numbers.
 */
export function divergenceRows(encoder: StepEncoder, args: DivergenceRowsArgs): void {
  const { studentLogits, metrics, target, weight, rowStart, rows, vocab, temperature = 1, gradient } = args;
  const objective = effectiveObjective(args.objective, temperature);
  const extra = objective.kind === 'cross-entropy' ? [] : [companion(args, objective)];
  const { rowLanes } = encoder.gpu.tuning;
  const rowsPerGroup = Math.min(MOST_ROWS_PER_GROUP, encoder.gpu.tuning.rowsPerGroup);
  const kernel = encoder.gpu.pipelines.kernel(rowKernelSpec(objective.kind, vocab % 4 === 0), {
    ROW_LANES: rowLanes,
    ROWS_PER_GROUP: rowsPerGroup,
    ...(isDivergence(objective) && { TEMPERED: Number(temperature !== 1) }),
  });
  encoder.dispatch(kernel, {
    uniforms: {
      rows,
      rowStart,
      vocab,
      gradient: Number(gradient),
      inverseTemperature: 1 / temperature,
      beta: objective.kind === 'jsd' ? objective.beta : 0,
    },
    storage: [studentLogits, metrics, target, weight, ...extra],
    workgroups: spread(Math.ceil(rows / rowsPerGroup)),
  });
}

/** The objective whose formula holds: the interior of JSD vanishes at its ends. */
function effectiveObjective(objective: Objective, temperature: number): Objective {
  if (!(temperature > 0 && Number.isFinite(temperature)))
    throw new RangeError(`temperature ${temperature}: must be a finite number above 0`);
  if (!isDivergence(objective)) {
    if (temperature !== 1)
      throw new RangeError(
        `temperature ${temperature}: '${objective.kind}' is defined at temperature 1 only`,
      );
    return objective;
  }
  if (objective.kind !== 'jsd') return objective;
  if (!(objective.beta >= 0 && objective.beta <= 1))
    throw new RangeError(`beta ${objective.beta} of the generalised JSD: must be between 0 and 1`);
  const ends: Record<number, DivergenceObjective> = { 0: { kind: 'forward-kl' }, 1: { kind: 'reverse-kl' } };
  return ends[objective.beta] ?? objective;
}

/** The tensor that an objective reads besides the student's. */
function companion({ teacherLogits, advantage }: DivergenceRowsArgs, objective: Objective): Tensor {
  const [name, tensor] = isDivergence(objective)
    ? (['teacherLogits', teacherLogits] as const)
    : (['advantage', advantage] as const);
  if (!tensor) throw new TypeError(`'${objective.kind}' needs the tensor '${name}'`);
  return tensor;
}
