interface Range {
  readonly low: number;
  readonly high: number;
  readonly step: number;
  /** How far Page Up goes. */
  readonly page: number;
}

/** Where a key takes the value of a slider, within its range; null for keys that do not move it. */
export function keyedTo(key: string, value: number, { low, high, step, page }: Range): number | null {
  const targets: Readonly<Record<string, number>> = {
    ArrowRight: value + step,
    ArrowUp: value + step,
    PageUp: value + page,
    ArrowLeft: value - step,
    ArrowDown: value - step,
    PageDown: value - page,
    Home: low,
    End: high,
  };
  const target = targets[key];
  return target === undefined ? null : Math.min(high, Math.max(low, target));
}
