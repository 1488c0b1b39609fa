import type { StepEncoder } from '../../gpu/encoder.ts';
import { view, type Tensor } from '../../gpu/tensor.ts';
import { expectLengths } from '../elementwise/launch.ts';
import { linearBackwardInput, linearBackwardWeight, linearForward } from '../linear/linear.ts';
import { divergenceRows, METRIC_COLUMNS } from './divergence-rows.ts';
import { groupAdvantage, type TokenGroups } from './group-advantage.ts';
import { chunkRowsOf, type HeadScratch } from './head-chunks.ts';
import { isDivergence, type Objective } from './objectives.ts';

/** What the head can minimise. */
export type HeadObjective =
  | Objective
  /** Policy gradient on the dense advantage of a teacher, pooled over groups of tokens (see `groupAdvantage`). */
  | { readonly kind: 'sampled-advantage' };

export interface DivergenceHeadArgs {
  readonly objective: HeadObjective;
  /** [tokens, dim]: hidden states that predict the target tokens, after the final norm. */
  readonly studentHidden: Tensor;
  /** [vocab, dim] */
  readonly studentHead: Tensor;
  /** [tokens, dim] and [vocab, dim]; required by divergences and 'sampled-advantage'. May be the student's own tensors. */
  readonly teacherHidden?: Tensor;
  readonly teacherHead?: Tensor;
  /** Token y after each hidden state, u32 [tokens]. */
  readonly target: Tensor;
  /** Mask times scale of each token, [tokens]: 1 / n for a mean over n tokens, 0 for no gradient at all. */
  readonly weight: Tensor;
  /** [tokens]; read by 'policy-gradient', overwritten inside the groups by 'sampled-advantage'. */
  readonly advantage?: Tensor;
  /** Required by 'sampled-advantage'. */
  readonly groups?: TokenGroups;
  /** τ by which both logits are divided; default 1, and nothing else for objectives of the target token alone. */
  readonly temperature?: number;
  readonly tokens: number;
  readonly vocab: number;
  readonly dim: number;
  /** [tokens, dim], overwritten with ∂L/∂hidden, L = Σ weight · loss. Without it and `dHead` there are metrics alone. */
  readonly dHidden?: Tensor;
  /** [vocab, dim], to which ∂L/∂head is added. */
  readonly dHead?: Tensor;
  /** [tokens, METRIC_COLUMNS], overwritten (columns: `METRIC`). */
  readonly metrics: Tensor;
  /** Logits of one chunk, contents lost. Its size is the chunk's: see `headScratch`. */
  readonly scratch: HeadScratch;
}

/**
 * Language-model head and objective fused over chunks of tokens: logits of student (and teacher), loss, metrics and gradient in
 * their place, then dHidden and dHead, so that no tokens × vocabulary buffer of the batch exists. Logits take the bytes of
 * `scratch`, 32 MiB by default, whatever the batch; 151,936 entries fit as well (27 tokens a chunk), because one row of them is
 * 608 KB. A vocabulary is never split. `studentHead` and `dHead` are bound whole: vocab · dim · 4 bytes must be below the adapter's
 * maxStorageBufferBindingSize.
 *
 * 'sampled-advantage' needs every token's log-probabilities before the first gradient. It goes over the chunks twice: first
 * student and teacher for the metrics, then, after the advantages, the student alone for the gradient. That costs the product for
 * the student's logits a second time, five products instead of four; without gradient the second round falls away. Its loss
 * column is −A log p(y). Tokens outside the groups keep the advantage that the caller wrote: outcome rewards of a hybrid.
 *
 * The caller owns all tensors. Metrics and dHidden do not depend on the chunks where `linearForward` and `linearBackwardInput` do
 * not depend on the number of rows; dHead is summed chunk by chunk.
 * @throws RangeError, TypeError when a tensor is missing or too short; nothing was dispatched then.
 */
export function divergenceHead(encoder: StepEncoder, args: DivergenceHeadArgs): void {
  checkTensors(args);
  const { objective, dHidden, dHead } = args;
  const gradient = dHidden !== undefined || dHead !== undefined;
  if (objective.kind !== 'sampled-advantage') return overChunks(encoder, args, objective, gradient);
  const { metrics, weight } = args;
  overChunks(encoder, args, { kind: 'reverse-kl' }, false);
  groupAdvantage(encoder, {
    metrics,
    weight,
    groups: required(args, 'groups'),
    advantage: required(args, 'advantage'),
  });
  if (gradient) overChunks(encoder, args, { kind: 'policy-gradient' }, true);
}

function overChunks(
  encoder: StepEncoder,
  args: DivergenceHeadArgs,
  objective: Objective,
  gradient: boolean,
): void {
  const { studentHidden, studentHead, tokens, vocab, dim, dHidden, dHead, scratch } = args;
  const { target, weight, advantage, metrics, temperature = 1 } = args;
  const { studentLogits } = scratch;
  const teacher = isDivergence(objective) ? teacherOf(args) : undefined;
  const chunkRows = chunkRowsOf(teacher ? [studentLogits, teacher.logits] : [studentLogits], args);
  for (let start = 0; start < tokens; start += chunkRows) {
    const rows = Math.min(chunkRows, tokens - start);
    const dims = { rows, inDim: dim, outDim: vocab };
    const chunk = (tensor: Tensor): Tensor => view(tensor, start * dim, rows * dim);
    const x = chunk(studentHidden);
    linearForward(encoder, { x, weight: studentHead, y: studentLogits, ...dims });
    if (teacher)
      linearForward(encoder, { x: chunk(teacher.hidden), weight: teacher.head, y: teacher.logits, ...dims });
    divergenceRows(encoder, {
      objective,
      studentLogits,
      ...(teacher && { teacherLogits: teacher.logits }),
      ...{ target, weight, metrics, rowStart: start, rows, vocab, temperature, gradient },
      ...(advantage && { advantage }),
    });
    if (dHidden && gradient)
      linearBackwardInput(encoder, { dy: studentLogits, weight: studentHead, dx: chunk(dHidden), ...dims });
    if (dHead && gradient)
      linearBackwardWeight(encoder, { dy: studentLogits, x, dWeight: dHead, accumulate: true, ...dims });
  }
}

function teacherOf(args: DivergenceHeadArgs): { hidden: Tensor; head: Tensor; logits: Tensor } {
  const { teacherLogits } = args.scratch;
  if (!teacherLogits) throw missing(args, 'scratch.teacherLogits');
  return {
    hidden: required(args, 'teacherHidden'),
    head: required(args, 'teacherHead'),
    logits: teacherLogits,
  };
}

function checkTensors(args: DivergenceHeadArgs): void {
  const { objective, tokens, vocab, dim, dHidden, dHead, advantage, temperature = 1 } = args;
  const hidden = [args.studentHidden, args.teacherHidden, dHidden].filter(tensor => tensor !== undefined);
  const heads = [args.studentHead, args.teacherHead, dHead].filter(tensor => tensor !== undefined);
  expectLengths('divergenceHead', [
    ...hidden.map(tensor => [tensor, tokens * dim] as const),
    ...heads.map(tensor => [tensor, vocab * dim] as const),
    ...[args.target, args.weight, ...(advantage ? [advantage] : [])].map(tensor => [tensor, tokens] as const),
    [args.metrics, tokens * METRIC_COLUMNS],
  ]);
  const { kind } = objective;
  if (kind !== 'cross-entropy' && kind !== 'policy-gradient') teacherOf(args);
  if (kind === 'policy-gradient' || kind === 'sampled-advantage') required(args, 'advantage');
  if (kind !== 'sampled-advantage') return;
  required(args, 'groups');
  if (temperature !== 1)
    throw new RangeError(`temperature ${temperature}: '${kind}' is defined at temperature 1 only`);
}

function required<K extends 'teacherHidden' | 'teacherHead' | 'advantage' | 'groups'>(
  args: DivergenceHeadArgs,
  name: K,
): NonNullable<DivergenceHeadArgs[K]> {
  const value = args[name];
  if (!value) throw missing(args, name);
  return value;
}

function missing({ objective }: DivergenceHeadArgs, name: string): TypeError {
  return new TypeError(
    `divergenceHead: the objective '${objective.kind}' needs '${name}'; nothing was dispatched`,
  );
}
