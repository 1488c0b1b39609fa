import type { Memory } from '../../gpu/memory.ts';
import { BINDING_ALIGNMENT, ELEMENT_BYTES, type Tensor } from '../../gpu/tensor.ts';

/** Bytes that the logits of one chunk take by default, student and teacher together. */
export const DEFAULT_HEAD_BUDGET = 32 * 2 ** 20;

export interface HeadChunkArgs {
  readonly vocab: number;
  readonly dim: number;
  /** Width of a teacher with hidden states; default `dim`. */
  readonly teacherDim?: number;
  /** Whether room for teacher logits is needed too: not for a teacher whose logits are given. */
  readonly teacher: boolean;
  /** Most bytes of logits at any time, student and teacher together. */
  readonly budgetBytes?: number;
}

/** Logits of a chunk of tokens, owned by the caller. */
export interface HeadScratch {
  readonly studentLogits: Tensor;
  readonly teacherLogits?: Tensor;
}

/**
 * Tokens of a chunk: as many as fit the budget (608 KB of logits a token and model at 151,936 entries, so that one row always
 * fits a binding), in steps that keep hidden states at the alignment of bindings: 64 / gcd(64, dim) tokens, that is 1 for
 * models whose width is a multiple of 64. With a teacher of another width the longer step holds.
 * @throws RangeError when the budget holds no step.
 */
export function headChunkRows(args: HeadChunkArgs): number {
  const { vocab, teacher, budgetBytes = DEFAULT_HEAD_BUDGET } = args;
  const rowBytes = vocab * ELEMENT_BYTES * (teacher ? 2 : 1);
  const step = rowStep(args);
  const rows = alignRows(Math.floor(budgetBytes / rowBytes), step);
  if (rows > 0) return rows;
  throw new RangeError(
    `a budget of ${budgetBytes} bytes for the logits of the head is too small: ${step} ` +
      `token${step > 1 ? 's' : ''} of ${vocab} entries take ${step * rowBytes}. Raise it to at least that`,
  );
}

/** Elements of the logits of a batch of at most `tokens` tokens; `teacherLogits` is 0 without a teacher. */
export function headScratchLengths(args: HeadChunkArgs & { readonly tokens: number }): {
  readonly studentLogits: number;
  readonly teacherLogits: number;
} {
  const { vocab, tokens, teacher } = args;
  const studentLogits = Math.min(tokens, headChunkRows(args)) * vocab;
  return { studentLogits, teacherLogits: teacher ? studentLogits : 0 };
}

/** Allocates the logits of a chunk in `memory`, which owns them. */
export function headScratch(memory: Memory, args: HeadChunkArgs & { readonly tokens: number }): HeadScratch {
  const { studentLogits, teacherLogits } = headScratchLengths(args);
  return memory.within('logits', () => ({
    studentLogits: memory.tensor('head.studentLogits', studentLogits),
    ...(args.teacher && { teacherLogits: memory.tensor('head.teacherLogits', teacherLogits) }),
  }));
}

/** Tokens that a chunk takes in logits of these lengths; all `tokens` where they fit. */
export function chunkRowsOf(
  logits: readonly Tensor[],
  args: {
    readonly tokens: number;
    readonly vocab: number;
    readonly dim: number;
    readonly teacherDim?: number;
  },
): number {
  const { tokens, vocab } = args;
  const room = Math.floor(Math.min(...logits.map(tensor => tensor.length)) / vocab);
  if (room >= tokens) return tokens;
  const step = rowStep(args);
  const rows = alignRows(room, step);
  if (rows > 0) return rows;
  throw new RangeError(
    `scratch of the head holds the logits of ${room} tokens; ${Math.min(tokens, step)} are needed. ` +
      'Allocate it with headScratch for this vocabulary, dim and teacherDim',
  );
}

function alignRows(rows: number, step: number): number {
  return Math.floor(rows / step) * step;
}

/** Fewest tokens whose hidden states end at an alignment of bindings, for student and teacher. */
function rowStep({ dim, teacherDim = dim }: { readonly dim: number; readonly teacherDim?: number }): number {
  const elements = BINDING_ALIGNMENT / ELEMENT_BYTES;
  let divisor = 1;
  while (divisor < elements && dim % (2 * divisor) === 0 && teacherDim % (2 * divisor) === 0) divisor *= 2;
  return elements / divisor;
}
