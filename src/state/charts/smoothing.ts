/**
 * Exponential moving average, debiased: s_t = Σ w^(t−i) x_i / Σ w^(t−i) over the finite x_i up to t. NaN before the first
 * finite value; a NaN input repeats the value before it. `weight` 0 returns the values themselves.
 */
export function smooth(values: ArrayLike<number>, weight: number): Float64Array {
  const out = new Float64Array(values.length);
  let sum = 0;
  let norm = 0;
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i] ?? NaN;
    if (Number.isFinite(value)) {
      sum = weight * sum + value;
      norm = weight * norm + 1;
    }
    out[i] = norm > 0 ? sum / norm : NaN;
  }
  return out;
}
