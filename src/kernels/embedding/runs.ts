/** Token positions grouped by token id, for a sum without atomics. */
export interface EmbeddingRuns {
  /** [tokens]: positions sorted by id, positions of one id ascending. */
  readonly order: Uint32Array<ArrayBuffer>;
  /** [runs + 1]: run r is order[runStart[r]] … order[runStart[r + 1] − 1]. */
  readonly runStart: Uint32Array<ArrayBuffer>;
  /** [runs]: the id of each run, ascending and unique. */
  readonly runId: Uint32Array<ArrayBuffer>;
  readonly runs: number;
}

/** Groups the positions of a packed batch by token id. Pure; the arrays are fresh. */
export function embeddingRuns(ids: Uint32Array): EmbeddingRuns {
  // id and position in one f64 key, exact below 2^53: typed arrays sort numbers several times faster than a comparator.
  const keys = Float64Array.from(ids, (id, position) => id * ids.length + position).sort();
  const order = Uint32Array.from(keys, key => key % ids.length);
  const starts: number[] = [];
  for (let at = 0; at < order.length; at++)
    if (at === 0 || ids[order[at]!] !== ids[order[at - 1]!]) starts.push(at);
  return {
    order,
    runStart: Uint32Array.from([...starts, order.length]),
    runId: Uint32Array.from(starts, at => ids[order[at]!]!),
    runs: starts.length,
  };
}
