import type { StepEncoder } from '../../gpu/encoder.ts';
import { view, type Tensor } from '../../gpu/tensor.ts';
import { expectLengths } from '../elementwise/launch.ts';
import { tableBackwardInput, tableLogits } from '../embedding/table-products.ts';
import { tableNeeds, wholeTensor, type TokenTable } from '../embedding/token-table.ts';
import { linearBackwardWeight } from '../linear/linear.ts';
import { isDivergence } from '../../settings/objectives.ts';
import { divergenceRows, METRIC_COLUMNS } from './divergence-rows.ts';
import { effectiveObjective } from './effective-objective.ts';
import { chunkRowsOf, type HeadScratch } from './head-chunks.ts';
import { readGradient, readLogits, readoutNeeds, type HeadReadout } from './head-readout.ts';
import { expectOneTeacher, headTeacher, type HeadTeacher, type TeacherSource } from './head-teacher.ts';
import type { PolicyTerms, Shaping, TokenObjective } from './objectives.ts';

/** The teacher is required by divergences, and not read by others. */
export interface DivergenceHeadArgs extends TeacherSource {
  readonly objective: TokenObjective;
  /** [tokens, dim]: hidden states that predict the target tokens, after the final norm. */
  readonly studentHidden: Tensor;
  /** [vocab, dim]: fixes both for the whole call. */
  readonly studentHead: TokenTable;
  /** Token y after each hidden state, u32 [tokens]. */
  readonly target: Tensor;
  /** Mask times scale of each token, [tokens]: 1 / n for a mean over n tokens, 0 for no gradient at all. */
  readonly weight: Tensor;
  /** [tokens]; required by 'policy-gradient'. */
  readonly advantage?: Tensor;
  /** τ by which both logits are divided; default 1, and nothing else for objectives of the target token alone. */
  readonly temperature?: number;
  /** Of divergences alone. */
  readonly shaping?: Shaping;
  /** Of 'policy-gradient' alone. */
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
 * The caller owns all tensors. Metrics and dHidden do not depend on the chunks where `linearForward` and `linearBackwardInput` do
 * not depend on the number of rows; dHead is summed chunk by chunk.
 * @throws RangeError, TypeError when a tensor is missing or too short, a teacher is given twice or has another vocabulary, a head
 * without gradient is given `dHead`, or an option is outside its bounds; nothing was dispatched then.
 */
export function divergenceHead(encoder: StepEncoder, args: DivergenceHeadArgs): void {
  const teacher = checked(args);
  const { objective, studentHidden, studentHead, tokens, dHidden, dHead } = args;
  const { vocab, dim } = studentHead;
  const { target, weight, advantage, metrics, temperature = 1, shaping, policy, readout } = args;
  const gradient = dHidden !== undefined || dHead !== undefined || readout !== undefined;
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
      ...(policy && { policy }),
    });
    if (readout) readGradient(encoder, { ...place, gradient: studentLogits, readout });
    if (dHidden)
      tableBackwardInput(encoder, {
        dLogits: studentLogits,
        table: studentHead,
        dHidden: chunk(dHidden),
        rows,
      });
    if (dHead)
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
  effectiveObjective({ objective, temperature, shaping, policy });
  expectOneTeacher(args);
  const missing = (name: string): TypeError =>
    new TypeError(
      `divergenceHead: the objective '${objective.kind}' needs '${name}'; nothing was dispatched`,
    );
  const teacher = isDivergence(objective)
    ? headTeacher(args, { tokens, vocab }, args.scratch.teacherLogits, missing)
    : undefined;
  if (readout && !teacher)
    throw new TypeError(`divergenceHead: '${objective.kind}' is no divergence, so there is no readout`);
  if (objective.kind === 'policy-gradient' && !advantage) throw missing('advantage');
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
