import type { StepEncoder } from '../../gpu/encoder.ts';
import { BINDING_ALIGNMENT, ELEMENT_BYTES, view, type Tensor } from '../../gpu/tensor.ts';
import { linearForward } from '../linear/linear.ts';

/** Where a teacher's logits come from: exactly one of its hidden states with its head, and its logits. */
export interface TeacherSource {
  /** [tokens, teacherDim] and [vocab, teacherDim]. May be the student's own tensors. */
  readonly teacherHidden?: Tensor;
  readonly teacherHead?: Tensor;
  /** Width of the teacher; default: the student's. */
  readonly teacherDim?: number;
  /** [tokens, vocab], only read: of a model that runs elsewhere. */
  readonly teacherLogits?: Tensor;
}

/** Logits of a chunk: row `start` of `logits` is the chunk's first. */
export interface TeacherChunk {
  readonly logits: Tensor;
  readonly start: number;
}

/** A teacher as the head reads it. */
export interface HeadTeacher {
  /** Elements of a row that chunks must keep at the alignment of bindings. */
  readonly dim?: number;
  /** What bounds the rows of a chunk. */
  readonly scratch?: Tensor;
  readonly needs: readonly (readonly [Tensor, number])[];
  chunk(encoder: StepEncoder, start: number, rows: number): TeacherChunk;
}

/**
 * @param scratch [rows of a chunk, vocab], which the logits of a teacher with hidden states are written to
 * @param missing makes the error that names a tensor
 * @throws TypeError when none or more than one kind of teacher is given, or a tensor of it is missing.
 */
export function headTeacher(
  source: TeacherSource,
  { tokens, vocab, dim }: { readonly tokens: number; readonly vocab: number; readonly dim: number },
  scratch: Tensor | undefined,
  missing: (name: string) => TypeError,
): HeadTeacher {
  const { teacherHidden, teacherHead, teacherLogits, teacherDim = dim } = source;
  if (teacherLogits)
    return {
      needs: [[teacherLogits, tokens * vocab]],
      chunk: (_encoder, start, rows) => aligned(teacherLogits, start, rows, vocab),
    };
  if (!scratch) throw missing('scratch.teacherLogits');
  if (!teacherHidden) throw missing(teacherHead ? 'teacherHidden' : "teacherHidden' or 'teacherLogits");
  if (!teacherHead) throw missing('teacherHead');
  if (!(Number.isInteger(teacherDim) && teacherDim > 0))
    throw new RangeError(`divergenceHead: teacherDim ${teacherDim} must be a whole number above 0`);
  return {
    dim: teacherDim,
    scratch,
    needs: [
      [teacherHidden, tokens * teacherDim],
      [teacherHead, vocab * teacherDim],
    ],
    chunk(encoder, start, rows) {
      linearForward(encoder, {
        x: view(teacherHidden, start * teacherDim, rows * teacherDim),
        weight: teacherHead,
        y: scratch,
        ...{ rows, inDim: teacherDim, outDim: vocab },
      });
      return { logits: scratch, start: 0 };
    },
  };
}

/** @throws TypeError when a teacher is given twice. */
export function expectOneTeacher({ teacherHidden, teacherHead, teacherLogits }: TeacherSource): void {
  if (teacherLogits && (teacherHidden ?? teacherHead))
    throw new TypeError(
      "divergenceHead: a teacher is given twice, by 'teacherLogits' and by 'teacherHidden' or 'teacherHead'; nothing was " +
        'dispatched. Leave one of them out',
    );
}

/**
 * Rows of logits as a binding: it begins at the nearest row before them that lies at the alignment of bindings, at most 63 rows
 * earlier, so that neither chunks nor vocabularies need to fit it.
 */
function aligned(logits: Tensor, start: number, rows: number, vocab: number): TeacherChunk {
  const elements = BINDING_ALIGNMENT / ELEMENT_BYTES;
  let first = start;
  while ((first * vocab) % elements !== 0) first--;
  return { logits: view(logits, first * vocab, (start - first + rows) * vocab), start: start - first };
}
