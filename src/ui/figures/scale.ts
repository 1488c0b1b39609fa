/** Where a value lies, in CSS pixels. */
export type Scale = (value: number) => number;

/** A linear axis between two round numbers. */
export interface Domain {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const STEPS = [1, 2, 2.5, 5, 10];

/** The round numbers that take in both ends, about `count` of them. An empty range is widened. */
export function niceDomain(low: number, high: number, count = 5): Domain {
  const span = high > low ? high - low : Math.max(Math.abs(high), 1) / 2;
  const raw = span / count;
  const magnitude = 10 ** Math.floor(Math.log10(raw));
  // The half of a thousandth forgives what rounding adds to the ends.
  const step = (STEPS.find(size => size * magnitude >= raw * 0.9995) ?? 10) * magnitude;
  const first = Math.floor(low / step + 0.0005);
  const last = Math.max(first + 1, Math.ceil((high > low ? high : low + span) / step - 0.0005));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
  return { low: ticks[0]!, high: ticks.at(-1)!, ticks };
}

/** Where the values of a domain lie between two places. */
export const linear =
  ({ low, high }: Domain, from: number, to: number) =>
  (value: number): number =>
    from + ((value - low) / (high - low)) * (to - from);

/** A tick in few characters: thousands as k and millions as M. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const text =
    size >= 1e6
      ? `${Number((value / 1e6).toPrecision(3))}M`
      : size >= 1e4
        ? `${Number((value / 1e3).toPrecision(3))}k`
        : String(Number(value.toPrecision(3)));
  return text.replace('-', '−');
}
