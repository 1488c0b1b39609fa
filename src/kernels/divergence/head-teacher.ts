import type { StepEncoder } from '../../gpu/encoder.ts';
import { BINDING_ALIGNMENT, ELEMENT_BYTES, view, type Tensor } from '../../gpu/tensor.ts';
import { tableLogits } from '../embedding/table-products.ts';
import { tableNeeds, type TokenTable } from '../embedding/token-table.ts';

/** Where a teacher's logits come from: exactly one of its hidden states with its head, and its logits. */
export interface TeacherSource {
  /** [tokens, dim of the teacher's head]. May be the student's own tensor. */
  readonly teacherHidden?: Tensor;
  /** Over the student's vocabulary. May be the student's own. */
  readonly teacherHead?: TokenTable;
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
 * @throws TypeError when none or more than one kind of teacher is given, or a tensor of it is missing; RangeError for another
 * vocabulary.
 */
export function headTeacher(
  source: TeacherSource,
  { tokens, vocab }: { readonly tokens: number; readonly vocab: number },
  scratch: Tensor | undefined,
  missing: (name: string) => TypeError,
): HeadTeacher {
  const { teacherHidden, teacherHead, teacherLogits } = source;
  if (teacherLogits)
    return {
      needs: [[teacherLogits, tokens * vocab]],
      chunk: (_encoder, start, rows) => aligned(teacherLogits, start, rows, vocab),
    };
  if (!scratch) throw missing('scratch.teacherLogits');
  if (!teacherHidden) throw missing(teacherHead ? 'teacherHidden' : "teacherHidden' or 'teacherLogits");
  if (!teacherHead) throw missing('teacherHead');
  if (teacherHead.vocab !== vocab)
    throw new RangeError(`divergenceHead: the teacher has ${teacherHead.vocab} tokens, the student ${vocab}`);
  const { dim } = teacherHead;
  return {
    dim,
    scratch,
    needs: [[teacherHidden, tokens * dim], ...tableNeeds(teacherHead)],
    chunk(encoder, start, rows) {
      const hidden = view(teacherHidden, start * dim, rows * dim);
      tableLogits(encoder, { hidden, table: teacherHead, logits: scratch, rows });
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
