import type { StepEncoder } from '../../gpu/encoder.ts';
import { view, type Tensor } from '../../gpu/tensor.ts';
import { tableLogits } from '../embedding/table-products.ts';
import type { TokenTable } from '../embedding/token-table.ts';
import { rowEntries, type RowEntries } from '../row-entries/row-entries.ts';
import { chunkRowsOf } from './head-chunks.ts';

/** What is read out of the head's logits while they are there, a row a token. */
export interface HeadReadout {
  /** The likeliest next tokens with their log-probabilities at τ = 1; last log p(y) and log q(y). */
  readonly student: RowEntries;
  readonly teacher: RowEntries;
  /** The smallest entries of weight · ∂loss/∂z_S, whose tokens a step of descent raises, and the largest; last that of y. */
  readonly raised: RowEntries;
  readonly lowered: RowEntries;
}

/** Rows of a chunk and the tokens that they belong to. */
interface ChunkPlace {
  readonly target: Tensor;
  readonly rowStart: number;
  readonly rows: number;
  readonly vocab: number;
}

/** The likeliest tokens of a chunk's logits [rows, vocab], which begin at row `logitsStart` (default 0). */
export function readLogits(
  encoder: StepEncoder,
  {
    logits,
    logitsStart = 0,
    entries,
    ...place
  }: ChunkPlace & {
    readonly logits: Tensor;
    readonly logitsStart?: number;
    readonly entries: RowEntries;
  },
): void {
  rowEntries(encoder, {
    ...place,
    x: logits,
    xStart: logitsStart,
    entries,
    order: 'largest',
    logProbs: true,
  });
}

/** Both ends of a chunk's gradient [rows, vocab]. */
export function readGradient(
  encoder: StepEncoder,
  { gradient, readout, ...place }: ChunkPlace & { readonly gradient: Tensor; readonly readout: HeadReadout },
): void {
  const { raised, lowered } = readout;
  const rows = { ...place, x: gradient, logProbs: false };
  rowEntries(encoder, { ...rows, entries: raised, order: 'smallest' });
  rowEntries(encoder, { ...rows, entries: lowered, order: 'largest' });
}

/** Elements that the tensors of a readout need for so many tokens. */
export function readoutNeeds(readout: HeadReadout, tokens: number): (readonly [Tensor, number])[] {
  return [readout.student, readout.teacher, readout.raised, readout.lowered].flatMap(({ k, ids, values }) => [
    [ids, tokens * k] as const,
    [values, tokens * (k + 1)] as const,
  ]);
}

export interface HeadEntriesArgs {
  /** [tokens, dim]: hidden states that predict the target tokens, after the final norm. */
  readonly hidden: Tensor;
  readonly head: TokenTable;
  /** u32 [tokens] */
  readonly target: Tensor;
  readonly tokens: number;
  /** Logits of one chunk, contents lost. */
  readonly scratch: Tensor;
  readonly entries: RowEntries;
}

/**
 * The likeliest next tokens by one model alone, chunk by chunk as `divergenceHead` goes; a head may lie in shards.
 * @throws RangeError when a tensor is too short.
 */
export function headEntries(encoder: StepEncoder, args: HeadEntriesArgs): void {
  const { hidden, head, target, tokens, scratch, entries } = args;
  const { vocab, dim } = head;
  const chunkRows = chunkRowsOf([scratch], { tokens, vocab, dim });
  for (let start = 0; start < tokens; start += chunkRows) {
    const rows = Math.min(chunkRows, tokens - start);
    const x = view(hidden, start * dim, rows * dim);
    tableLogits(encoder, { hidden: x, table: head, logits: scratch, rows });
    readLogits(encoder, { logits: scratch, target, rowStart: start, rows, vocab, entries });
  }
}
