/**
 * A packed training batch: N tokens of several sequences laid end to end, without padding.
 * Token i belongs to the sequence that fills [seqStart[i], seqEnd[i]) (token indices, end exclusive) and stands at
 * position[i] = i − seqStart[i] in it. Attention of token i covers the keys [seqStart[i], i].
 */
export interface PackedBatch {
  readonly ids: Uint32Array;
  readonly position: Uint32Array;
  readonly seqStart: Uint32Array;
  readonly seqEnd: Uint32Array;
}

/** Packs sequences of token ids in the order given. Empty sequences add nothing. */
export function packSequences(sequences: readonly ArrayLike<number>[]): PackedBatch {
  const total = sequences.reduce((sum, sequence) => sum + sequence.length, 0);
  const ids = new Uint32Array(total);
  const position = new Uint32Array(total);
  const seqStart = new Uint32Array(total);
  const seqEnd = new Uint32Array(total);
  let start = 0;
  for (const sequence of sequences) {
    const end = start + sequence.length;
    ids.set(sequence, start);
    seqStart.fill(start, start, end);
    seqEnd.fill(end, start, end);
    for (let i = start; i < end; i++) position[i] = i - start;
    start = end;
  }
  return { ids, position, seqStart, seqEnd };
}

/**
 * Rows whose logits predict the last `responseLengths[s]` tokens of sequence s, as token indices of the packed batch: one before
 * each response token. A response must be shorter than its sequence, for its first token needs one to be predicted from.
 */
export function predictingRows(
  sequences: readonly ArrayLike<number>[],
  responseLengths: ArrayLike<number>,
): Uint32Array {
  const rows: number[] = [];
  let end = 0;
  for (const [s, sequence] of sequences.entries()) {
    end += sequence.length;
    for (let t = end - responseLengths[s]!; t < end; t++) rows.push(t - 1);
  }
  return Uint32Array.from(rows);
}
