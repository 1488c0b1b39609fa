import type { Tensor } from '../gpu/tensor.ts';
import type { PackedSequence } from '../model/packed-batch.ts';
import type { OrtDecoder, PastHolder, RowMove } from './ort-decoder.ts';
import { padLeft, planBatches } from './plan-batches.ts';

export interface Limits {
  /** Rows of logits that a run may make. */
  readonly rows: number;
  /** Sequences that a run may take. */
  readonly batch: number;
  /** Whether the model treats padding on the left exactly. */
  readonly padded: boolean;
}

/**
 * Writes the logits that predict each scored token, f32 [Σ scored, vocab], in the order of the sequences. A run takes as many
 * columns of a batch as the limit on rows allows; the next columns find the ones before in the cache.
 */
export async function scoreSequences(
  decoder: OrtDecoder,
  sequences: readonly PackedSequence[],
  logits: Tensor,
  limits: Limits,
): Promise<void> {
  const starts: number[] = [];
  let total = 0;
  for (const { scored } of sequences) {
    starts.push(total);
    total += scored.length;
  }
  const batches = planBatches(
    sequences.map(({ ids }) => ids.length),
    {
      padded: limits.padded,
      fits: (rows, longest) => rows <= limits.batch && rows * longest <= limits.rows,
    },
  );
  for (const batch of batches) {
    const rows = batch.map(index => ({ ...sequences[index]!, start: starts[index]! }));
    await scoreBatch(decoder, rows, logits, Math.max(1, Math.floor(limits.rows / rows.length)));
  }
}

async function scoreBatch(
  decoder: OrtDecoder,
  rows: readonly (PackedSequence & { readonly start: number })[],
  target: Tensor,
  columns: number,
): Promise<void> {
  const {
    length,
    padding,
    columns: tokens,
  } = padLeft(
    rows.map(({ ids }) => ids),
    decoder.shape.pad,
  );
  // The column of the logits that predict a row's first scored token, and one past that of its last.
  const spans = rows.map(({ scoredStart, scored }, row) => {
    const first = padding[row]! + scoredStart - 1;
    return { first, end: first + scored.length };
  });
  const holder: PastHolder = { past: undefined };
  try {
    for (let from = 0; from < length; from += columns) {
      const to = Math.min(length, from + columns);
      const logits = await decoder.run(holder, { ids: tokens(from, to), length: to - from, padding });
      const moves = spans.flatMap(({ first, end }, row): RowMove[] => {
        const begin = Math.max(first, from);
        const count = Math.min(end, to) - begin;
        if (count <= 0) return [];
        const source = row * (to - from) + begin - from;
        return [{ from: source, to: rows[row]!.start + begin - first, rows: count }];
      });
      decoder.moveRows(logits, target, moves);
    }
  } finally {
    await decoder.forget(holder);
  }
}
