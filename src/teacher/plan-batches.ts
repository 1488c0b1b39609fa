export interface BatchRules {
  /** Whether rows of different lengths may share a batch, the shorter ones padded on the left. */
  readonly padded: boolean;
  /** Whether `rows` sequences, the longest of `longest` tokens, fit into one batch; one alone always goes. */
  readonly fits: (rows: number, longest: number) => boolean;
}

/** Parts sequences into batches of similar lengths: lists of indices, from short to long; each index once. */
export function planBatches(lengths: readonly number[], { padded, fits }: BatchRules): number[][] {
  const order = lengths.map((_, index) => index).sort((a, b) => lengths[a]! - lengths[b]! || a - b);
  const batches: number[][] = [];
  for (const index of order) {
    const batch = batches.at(-1);
    const length = lengths[index]!;
    const joins = batch && (padded || lengths[batch[0]!] === length) && fits(batch.length + 1, length);
    if (joins) batch.push(index);
    else batches.push([index]);
  }
  return batches;
}

/** Sequences of one batch as columns that end together: row r begins with `padding[r]` tokens of `pad`. */
export interface PaddedRows {
  readonly length: number;
  readonly padding: readonly number[];
  /** Tokens [rows, from … to), row by row. */
  columns(from: number, to: number): BigInt64Array;
}

/** Aligns sequences at their ends. */
export function padLeft(sequences: readonly Uint32Array[], pad: number): PaddedRows {
  const length = Math.max(...sequences.map(ids => ids.length));
  const padding = sequences.map(ids => length - ids.length);
  return {
    length,
    padding,
    columns: (from, to) =>
      BigInt64Array.from(
        sequences.flatMap((ids, row) =>
          Array.from({ length: to - from }, (_, i) => BigInt(ids[from + i - padding[row]!] ?? pad)),
        ),
      ),
  };
}
