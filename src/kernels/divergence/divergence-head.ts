import type { StepEncoder } from '../../gpu/encoder.ts';
import { view, type Tensor } from '../../gpu/tensor.ts';
import { expectLengths } from '../elementwise/launch.ts';
import { tableBackwardInput, tableLogits } from '../embedding/table-products.ts';
import { tableNeeds, wholeTensor, type TokenTable } from '../embedding/token-table.ts';
import { linearBackwardWeight } from '../linear/linear.ts';
import { divergenceRows, METRIC_COLUMNS } from './divergence-rows.ts';
import { effectiveObjective, refuse } from './effective-objective.ts';
import { checkReward, groupAdvantage, type RewardShape, type TokenGroups } from './group-advantage.ts';
import { chunkRowsOf, type HeadScratch } from './head-chunks.ts';
import { readGradient, readLogits, readoutNeeds, type HeadReadout } from './head-readout.ts';
import { expectOneTeacher, headTeacher, type HeadTeacher, type TeacherSource } from './head-teacher.ts';
import { isDivergence, type Objective, type PolicyTerms, type Shaping } from './objectives.ts';

/** What the head can minimise. */
export type HeadObjective =
  | Objective
  /** Policy gradient on the dense advantage of a teacher, pooled over groups of tokens (see `groupAdvantage`). */
  | { readonly kind: 'sampled-advantage'; readonly reward?: Partial<RewardShape> };

/** The teacher is required by divergences and 'sampled-advantage', and not read by others. */
export interface DivergenceHeadArgs extends TeacherSource {
  readonly objective: HeadObjective;
  /** [tokens, dim]: hidden states that predict the target tokens, after the final norm. */
  readonly studentHidden: Tensor;
  /** [vocab, dim]: fixes both for the whole call. */
  readonly studentHead: TokenTable;
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
  /** Of divergences alone. */
  readonly shaping?: Shaping;
  /** Of 'policy-gradient' and 'sampled-advantage' alone. */
  readonly policy?: PolicyTerms;
  readonly tokens: number;
  /** [tokens, dim], overwritten with ∂L/∂hidden, L = Σ weight · loss. Without it and `dHead` there are metrics alone. */
  readonly dHidden?: Tensor;
  /** [vocab, dim], to which ∂L/∂head is added; of a head that is whole and f32 alone. */
  readonly dHead?: Tensor;
  /** [tokens, METRIC_COLUMNS], overwritten (columns: `METRIC`). */
  readonly metrics: Tensor;
  /** Logits of one chunk, contents lost. Its size is the chunk's: see `headScratch`. */
  readonly scratch: HeadScratch;
  /** Of divergences alone: what is read out of the logits and of the gradient in their place, which is computed then in any case. */
  readonly readout?: HeadReadout;
}

/**
 * Language-model head and objective fused over chunks of tokens: logits of student (and teacher), loss, metrics and gradient in
 * their place, then dHidden and dHead, so that no tokens × vocabulary buffer of the batch exists. Logits take the bytes of
 * `scratch`, 32 MiB by default, whatever the batch; 151,936 entries fit as well (27 tokens a chunk), because one row of them is
 * 608 KB. Rows of logits are never split; a head may lie in shards, each of which computes its columns.
 *
 * 'sampled-advantage' needs every token's log-probabilities before the first gradient. It goes over the chunks twice: first
 * student and teacher for the metrics, then, after the advantages, the student alone for the gradient. That costs the product for
 * the student's logits a second time, five products instead of four; without gradient and `policy` the second round falls away. Its
 * loss column is that of 'policy-gradient' with the advantages of the first round. Tokens outside the groups keep the advantage that the caller wrote: outcome rewards of a hybrid.
 *
 * The caller owns all tensors. Metrics and dHidden do not depend on the chunks where `linearForward` and `linearBackwardInput` do
 * not depend on the number of rows; dHead is summed chunk by chunk.
 * @throws RangeError, TypeError when a tensor is missing or too short, a teacher is given twice or has another vocabulary, a head
 * without gradient is given `dHead`, or an option is outside its bounds; nothing was dispatched then.
 */
export function divergenceHead(encoder: StepEncoder, args: DivergenceHeadArgs): void {
  const teacher = checked(args);
  const { objective, dHidden, dHead, policy, readout } = args;
  const gradient = dHidden !== undefined || dHead !== undefined || readout !== undefined;
  if (objective.kind !== 'sampled-advantage')
    return overChunks(encoder, args, { objective, teacher, gradient });
  const { metrics, weight } = args;
  overChunks(encoder, args, { objective: { kind: 'reverse-kl' }, teacher, gradient: false });
  groupAdvantage(encoder, {
    metrics,
    weight,
    ...(objective.reward && { reward: objective.reward }),
    groups: required(args, 'groups'),
    advantage: required(args, 'advantage'),
  });
  if (gradient || policy) overChunks(encoder, args, { objective: { kind: 'policy-gradient' }, gradient });
}

function overChunks(
  encoder: StepEncoder,
  args: DivergenceHeadArgs,
  {
    objective,
    teacher,
    gradient,
  }: {
    readonly objective: Objective;
    readonly teacher?: HeadTeacher | undefined;
    readonly gradient: boolean;
  },
): void {
  const { studentHidden, studentHead, tokens, dHidden, dHead } = args;
  const { vocab, dim } = studentHead;
  const { target, weight, advantage, metrics, temperature = 1, shaping, policy, readout } = args;
  const { studentLogits } = args.scratch;
  const chunkRows = chunkRowsOf(teacher?.scratch ? [studentLogits, teacher.scratch] : [studentLogits], {
    tokens,
    vocab,
    dim,
    ...(teacher?.dim !== undefined && { teacherDim: teacher.dim }),
  });
  for (let start = 0; start < tokens; start += chunkRows) {
    const rows = Math.min(chunkRows, tokens - start);
    const chunk = (tensor: Tensor): Tensor => view(tensor, start * dim, rows * dim);
    const x = chunk(studentHidden);
    tableLogits(encoder, { hidden: x, table: studentHead, logits: studentLogits, rows });
    const taught = teacher?.chunk(encoder, start, rows);
    const place = { target, rowStart: start, rows, vocab };
    if (readout && taught) {
      readLogits(encoder, { ...place, logits: studentLogits, entries: readout.student });
      const { logits, start: logitsStart } = taught;
      readLogits(encoder, { ...place, logits, logitsStart, entries: readout.teacher });
    }
    divergenceRows(encoder, {
      objective,
      studentLogits,
      ...(taught && { teacherLogits: taught.logits, teacherStart: taught.start }),
      target,
      weight,
      metrics,
      rowStart: start,
      rows,
      vocab,
      temperature,
      gradient,
      ...(advantage && { advantage }),
      ...(shaping && { shaping }),
      ...(policy && objective.kind === 'policy-gradient' && { policy }),
    });
    if (readout) readGradient(encoder, { ...place, gradient: studentLogits, readout });
    if (dHidden && gradient)
      tableBackwardInput(encoder, {
        dLogits: studentLogits,
        table: studentHead,
        dHidden: chunk(dHidden),
        rows,
      });
    if (dHead && gradient)
      linearBackwardWeight(encoder, {
        dy: studentLogits,
        x,
        dWeight: dHead,
        accumulate: true,
        rows,
        inDim: dim,
        outDim: vocab,
      });
  }
}

/** The teacher, where the objective has one. */
function checked(args: DivergenceHeadArgs): HeadTeacher | undefined {
  const { objective, tokens, studentHead, dHidden, dHead, advantage, temperature = 1 } = args;
  const { vocab, dim } = studentHead;
  const { shaping = {}, policy = {}, readout } = args;
  const { kind } = objective;
  const sampled = kind === 'sampled-advantage';
  if (sampled) {
    refuse(shaping, ['topK', 'tokenClip'], kind);
    checkReward(objective.reward);
    if (temperature !== 1)
      throw new RangeError(`temperature ${temperature}: '${kind}' is defined at temperature 1 only`);
  }
  effectiveObjective({
    temperature,
    shaping,
    policy,
    objective: sampled ? { kind: 'policy-gradient' } : objective,
  });
  expectOneTeacher(args);
  const teacher =
    sampled || isDivergence(objective)
      ? headTeacher(args, { tokens, vocab }, args.scratch.teacherLogits, name => missing(args, name))
      : undefined;
  if (readout && (sampled || !isDivergence(objective)))
    throw new TypeError(`divergenceHead: '${kind}' is no divergence, so there is no readout`);
  if (kind === 'policy-gradient' || sampled) required(args, 'advantage');
  if (sampled) required(args, 'groups');
  const hidden = [args.studentHidden, dHidden].filter(tensor => tensor !== undefined);
  if (dHead) wholeTensor(studentHead);
  const perToken = [
    ...[args.target, args.weight, advantage],
    ...[policy.proximal?.oldLogProb, policy.anchor?.referenceLogProb],
  ].filter(tensor => tensor !== undefined);
  expectLengths('divergenceHead', [
    ...hidden.map(tensor => [tensor, tokens * dim] as const),
    ...tableNeeds(studentHead),
    ...(dHead ? [[dHead, vocab * dim] as const] : []),
    ...perToken.map(tensor => [tensor, tokens] as const),
    ...(teacher?.needs ?? []),
    ...(readout ? readoutNeeds(readout, tokens) : []),
    [args.metrics, tokens * METRIC_COLUMNS],
  ]);
  return teacher;
}

function required<K extends 'advantage' | 'groups'>(
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
