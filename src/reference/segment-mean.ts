/**
 * Mean of the rows start[s] … end[s] − 1 of x [rows, dim] for every segment s; zeros where a segment has no row.
 * Returns [segments, dim]. A measurement only: nothing learns through it, so it has no backward.
 */
export function segmentMean(
  x: ArrayLike<number>,
  start: ArrayLike<number>,
  end: ArrayLike<number>,
  dim: number,
): Float64Array {
  const y = new Float64Array(start.length * dim);
  for (let s = 0; s < start.length; s++) {
    const count = end[s]! - start[s]!;
    for (let row = start[s]!; row < end[s]!; row++)
      for (let i = 0; i < dim; i++) y[s * dim + i]! += x[row * dim + i]! / count;
  }
  return y;
}
