/**
 * Gradient of f by central differences, (f(x + h e_i) − f(x − h e_i)) / 2h, at the indices given (all by default).
 * Perturbs x in place while f runs and restores it.
 */
export function centralDifference(
  f: () => number,
  x: Float64Array,
  indices: Iterable<number> = x.keys(),
  h = 1e-5,
): Float64Array {
  return Float64Array.from(indices, i => {
    const kept = x[i]!;
    x[i] = kept + h;
    const above = f();
    x[i] = kept - h;
    const below = f();
    x[i] = kept;
    return (above - below) / (2 * h);
  });
}

/** Σ_i a_i b_i: turns an output into a scalar whose gradient with respect to the output is b. */
export function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
