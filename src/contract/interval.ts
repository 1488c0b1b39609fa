export type Interval = readonly [low: number, high: number];

const Z_95 = 1.959963984540054;

/**
 * Wilson's score interval of a binomial share at 95 %: the set of p whose normal test does not reject `share` of
 * `count` (Wilson 1927). Unlike the plain normal interval it stays inside [0, 1] and is not empty at 0 or 1.
 */
export function wilsonInterval(share: number, count: number): Interval {
  if (count <= 0) return [0, 1];
  const z2 = Z_95 * Z_95;
  const centre = (share + z2 / (2 * count)) / (1 + z2 / count);
  const half =
    (Z_95 / (1 + z2 / count)) * Math.sqrt((share * (1 - share)) / count + z2 / (4 * count * count));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** 95 % interval of a mean: x̄ ± z s / √n, never below 0, as no figure here is. Null with fewer than two values. */
export function meanInterval(values: readonly number[]): Interval | null {
  const n = values.length;
  if (n < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  const half = Z_95 * Math.sqrt(variance / n);
  return [Math.max(0, mean - half), mean + half];
}
