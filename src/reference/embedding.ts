/** y[r] = table[ids[r]]: table [vocab, dim], ids [rows], y [rows, dim]. */
export function embedding(table: ArrayLike<number>, ids: ArrayLike<number>, dim: number): Float64Array {
  const y = new Float64Array(ids.length * dim);
  for (let r = 0; r < ids.length; r++) {
    for (let i = 0; i < dim; i++) y[r * dim + i] = table[ids[r]! * dim + i]!;
  }
  return y;
}

/** dtable[ids[r]] += dy[r]; ids that occur more than once accumulate. Returns a new [vocab, dim]. */
export function embeddingBackward(
  dy: ArrayLike<number>,
  ids: ArrayLike<number>,
  { vocab, dim }: { readonly vocab: number; readonly dim: number },
): Float64Array {
  const dtable = new Float64Array(vocab * dim);
  for (let r = 0; r < ids.length; r++) {
    for (let i = 0; i < dim; i++) dtable[ids[r]! * dim + i]! += dy[r * dim + i]!;
  }
  return dtable;
}
