import { tolerances, type Tolerance, type ToleranceName } from './tolerances.ts';

export interface Comparison {
  readonly ok: boolean;
  /** Largest error as a multiple of what the tolerance allows: 0.5 passes with half to spare. */
  readonly worstRatio: number;
  /** How many elements exceed the tolerance. */
  readonly failures: number;
  readonly message: string;
}

/**
 * Compares two equally long lists of numbers under a row of the tolerance table. Equal infinities agree; NaN agrees with nothing,
 * not even with NaN.
 */
export function compare(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  name: ToleranceName,
  label = 'values',
): Comparison {
  if (actual.length !== expected.length) {
    const message = `${label}: length ${actual.length}, expected ${expected.length}`;
    return { ok: false, worstRatio: Infinity, failures: actual.length, message };
  }
  const tolerance: Tolerance = tolerances[name];
  const largest = maxAbs(expected);
  let worst = -1;
  let worstRatio = 0;
  let failures = 0;
  for (let i = 0; i < expected.length; i++) {
    const ratio = errorRatio(actual[i]!, expected[i]!, largest, tolerance);
    if (ratio > 1) failures++;
    if (ratio > worstRatio) [worstRatio, worst] = [ratio, i];
  }
  const where =
    worst < 0
      ? 'no difference'
      : `worst at ${worst}: actual ${actual[worst]}, expected ${expected[worst]}, ` +
        `difference ${Math.abs(actual[worst]! - expected[worst]!).toExponential(3)} = ${worstRatio.toPrecision(3)} × allowed`;
  const message =
    `${label}: ${failures} of ${expected.length} beyond ${name} ` +
    `(abs ${tolerance.abs}, rel ${tolerance.rel}, ofMax ${tolerance.ofMax} of ${largest.toPrecision(4)}: ${tolerance.why}); ${where}`;
  return { ok: failures === 0, worstRatio, failures, message };
}

/** Throws an Error with the worst element when compare() finds a difference beyond the tolerance. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  name: ToleranceName,
  label?: string,
): void {
  const result = compare(actual, expected, name, label);
  if (!result.ok) throw new Error(result.message);
}

function errorRatio(actual: number, expected: number, largest: number, tolerance: Tolerance): number {
  if (actual === expected) return 0;
  const error = Math.abs(actual - expected);
  if (!Number.isFinite(error)) return Infinity;
  const allowed = tolerance.abs + tolerance.rel * Math.abs(expected) + tolerance.ofMax * largest;
  return allowed === 0 ? Infinity : error / allowed;
}

function maxAbs(values: ArrayLike<number>): number {
  let max = 0;
  for (let i = 0; i < values.length; i++) {
    const size = Math.abs(values[i]!);
    if (Number.isFinite(size) && size > max) max = size;
  }
  return max;
}
