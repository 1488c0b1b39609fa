import type { StepEncoder } from '../../gpu/encoder.ts';
import type { Constants } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { isDivergence, parameterOf } from '../../settings/objectives.ts';
import { spread } from '../elementwise/launch.ts';
import { effectiveObjective } from './effective-objective.ts';
import type { PolicyTerms, Shaping, TokenObjective } from './objectives.ts';
import { divergenceKernel, labelKernel, type RowKernelSpec } from './row-kernels.ts';

/** Columns of the metrics, f32, one row per token, in nats. */
export const METRIC = {
  /** Value of the objective, unweighted, at its temperature, on its outcomes, clipped. */
  loss: 0,
  /** log p(y), like every column below at τ = 1. */
  studentLogProb: 1,
  /** log q(y) */
  teacherLogProb: 2,
  /** −Σ p log p */
  studentEntropy: 3,
  /** −Σ q log q */
  teacherEntropy: 4,
  /** KL(p‖q) over the whole vocabulary, whatever the objective. Not negative but for rounding (about −1e-6). */
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

/** No bound. */
const MOST = 3e38;

export interface DivergenceRowsArgs {
  readonly objective: TokenObjective;
  /** z_S [rows, vocab]; becomes weight · ∂loss/∂z_S where `gradient` is true, else stays. */
  readonly studentLogits: Tensor;
  /** z_T [rows, vocab], required by divergences, unused by label objectives. */
  readonly teacherLogits?: Tensor;
  /** Row of `teacherLogits` that belongs to the first row; default 0. */
  readonly teacherStart?: number;
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
  /** For divergences alone. */
  readonly shaping?: Shaping;
  /** For 'policy-gradient' alone. */
  readonly policy?: PolicyTerms;
  readonly gradient: boolean;
}

/**
 * Loss, metrics and gradient of `rows` response tokens from logits in place. One pass over a row for the statistics
 * (streaming log-sum-exp of both models, entropies and both KLs), one more for the sums of a divergence other than the plain KLs, one
 * for the gradient; τ ≠ 1 costs two more exponentials a logit in the first pass, because the metrics stay those of unscaled logits.
 * A `topK` costs a pass for those sums in every case, two for the bucket's mass, and about 10 to 30 without an exponential over the
 * teacher's logits for the K-th largest: bisection on their bits, which ends once K logits lie above the probe.
 *
 * The gradient carries 1/τ and no τ². Sums are f32 in two levels in an order that the tuning alone decides. Logits must be finite
 * and above −1e37; a NaN or an infinity makes the row's loss and whole gradient not finite.
 * Divergences write all columns of the metrics; label objectives leave those of the teacher as they are.
 * @throws RangeError, TypeError on an option outside its bounds, or a missing tensor, that would give wrong numbers.
 */
export function divergenceRows(encoder: StepEncoder, args: DivergenceRowsArgs): void {
  const { studentLogits, metrics, target, weight, rowStart, teacherStart = 0, rows, vocab, gradient } = args;
  const { temperature = 1, shaping = {}, policy = {} } = args;
  const objective = effectiveObjective({ objective: args.objective, temperature, shaping, policy });
  const number = isDivergence(objective) ? (parameterOf(objective) ?? 0) : 0;
  const clip = policy.proximal?.clipRatio ?? 0;
  const { spec, extra, constants, topK } = kernelOf(encoder, args, objective, temperature);
  const { rowLanes, rowsPerGroup: wanted } = encoder.gpu.tuning;
  // The search for the K-th largest logit takes a different number of passes in each row, so a row is a workgroup then.
  const rowsPerGroup = topK > 0 && rowLanes > 1 ? 1 : Math.min(MOST_ROWS_PER_GROUP, wanted);
  const kernel = encoder.gpu.pipelines.kernel(spec, {
    ROW_LANES: rowLanes,
    ROWS_PER_GROUP: rowsPerGroup,
    ...constants,
  });
  encoder.dispatch(kernel, {
    uniforms: {
      rows,
      rowStart,
      teacherStart,
      vocab,
      topK,
      gradient: Number(gradient),
      inverseTemperature: 1 / temperature,
      parameter: number,
      complement: 1 - number,
      // Finite in f32: adapters may treat infinities as anything.
      tokenClip: Math.min(shaping.tokenClip ?? 0, MOST),
      ratioLow: clip > 0 ? 1 - clip : 0,
      ratioHigh: clip > 0 ? 1 + clip : MOST,
      anchorWeight: policy.anchor?.weight ?? 0,
    },
    storage: [studentLogits, metrics, target, weight, ...extra],
    workgroups: spread(Math.ceil(rows / rowsPerGroup)),
  });
}

/** The kernel of an objective, the tensors that it reads besides the student's, its constants, and K where there is a bucket. */
function kernelOf(
  { gpu }: StepEncoder,
  args: DivergenceRowsArgs,
  objective: TokenObjective,
  temperature: number,
): { spec: RowKernelSpec; extra: Tensor[]; constants: Constants; topK: number } {
  const { teacherLogits, advantage, vocab, shaping, policy } = args;
  const aligned = vocab % 4 === 0;
  if (isDivergence(objective)) {
    const topK = (shaping?.topK ?? 0) < vocab ? (shaping?.topK ?? 0) : 0;
    const support = topK === 0 ? 'whole' : gpu.tuning.rowLanes > 1 ? 'top-group' : 'top-alone';
    return {
      spec: divergenceKernel(objective.kind, support, aligned),
      extra: [required(objective, 'teacherLogits', teacherLogits)],
      constants: { TEMPERED: Number(temperature !== 1) },
      topK,
    };
  }
  const plain = { spec: labelKernel(objective.kind, aligned), constants: {}, topK: 0 };
  if (objective.kind === 'cross-entropy') return { ...plain, extra: [] };
  const a = required(objective, 'advantage', advantage);
  if (!policy?.proximal && !policy?.anchor) return { ...plain, extra: [a] };
  return {
    spec: labelKernel('policy-terms', aligned),
    extra: [a, policy.proximal?.oldLogProb ?? a, policy.anchor?.referenceLogProb ?? a],
    constants: { PROXIMAL: Number(!!policy.proximal), ANCHORED: Number(!!policy.anchor) },
    topK: 0,
  };
}

function required({ kind }: TokenObjective, name: string, tensor: Tensor | undefined): Tensor {
  if (!tensor) throw new TypeError(`'${kind}' needs the tensor '${name}'`);
  return tensor;
}
