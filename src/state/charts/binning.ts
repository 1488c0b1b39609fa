/** Points of a line: x ascending. */
export interface Points {
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

export interface BinnedPoints {
  readonly x: number[];
  readonly y: number[];
}

/**
 * At most `maximum` of the finite points, such that no spike is lost: the range is cut into maximum / 2 bins of equal
 * count, and each keeps its lowest and its highest point, in order of x. Fewer points pass unchanged.
 */
export function binMinMax({ x, y }: Points, maximum: number): BinnedPoints {
  const finite: number[] = [];
  for (let i = 0; i < x.length; i += 1) if (Number.isFinite(y[i])) finite.push(i);
  const picked: number[] = finite.length <= maximum ? finite : [];
  if (finite.length > maximum) {
    const bins = Math.max(1, Math.floor(maximum / 2));
    const at = (index: number): number => y[index] ?? 0;
    for (let bin = 0; bin < bins; bin += 1) {
      const from = Math.floor((bin * finite.length) / bins);
      const to = Math.floor(((bin + 1) * finite.length) / bins);
      let low = finite[from] ?? 0;
      let high = low;
      for (const index of finite.slice(from, to)) {
        if (at(index) < at(low)) low = index;
        if (at(index) > at(high)) high = index;
      }
      picked.push(Math.min(low, high));
      if (low !== high) picked.push(Math.max(low, high));
    }
  }
  return { x: picked.map(i => x[i] ?? 0), y: picked.map(i => y[i] ?? 0) };
}
