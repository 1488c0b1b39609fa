import { scaleLinear, scaleLog } from 'd3-scale';

/** Where a value lies, in CSS pixels. */
export type Scale = (value: number) => number;

export interface Axis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** Equal ratios are equally far. */
  readonly log?: boolean;
  readonly label?: string;
  /** What stands at a tick; `tickText` by default. */
  format?(tick: number): string;
}

/** Where the values of an axis lie between two places. */
export const scaleOf = ({ low, high, log = false }: Axis, from: number, to: number): Scale =>
  (log ? scaleLog : scaleLinear)([low, high], [from, to]);

/** From one round number to another, both ends within, in about `count` intervals. An empty range is widened. */
export function niceAxis(low: number, high: number, count = 5): Axis {
  const end = high > low ? high : low + Math.max(Math.abs(high), 1) / 2;
  const ticks = scaleLinear([low, end], [0, 1]).nice(count).ticks(count);
  return { low: ticks[0]!, high: ticks.at(-1)!, ticks };
}

/** From 0 to `steps`, with round whole numbers on the way. */
export const stepAxis = (steps: number, count = 5): Axis => ({
  low: 0,
  high: steps,
  ticks: scaleLinear([0, steps], [0, 1]).ticks(count).filter(Number.isInteger),
});

const MOST_LOG_TICKS = 7;

/** A logarithmic axis with both ends within: 1, 2 and 5 of every power of ten, or the powers alone where those are many. */
export function logAxis(low: number, high: number): Axis {
  const first = Math.floor(Math.log10(low));
  const powers = Array.from({ length: Math.ceil(Math.log10(high)) - first + 1 }, (_, i) => first + i);
  const all = powers.flatMap(power => [1, 2, 5].map(digit => Number(`${digit}e${power}`)));
  const from = Math.max(
    0,
    all.findLastIndex(tick => tick <= low * 1.001),
  );
  const to = all.findIndex(tick => tick >= high * 0.999);
  const within = all.slice(from, to < 0 ? undefined : Math.max(to, from + 1) + 1);
  const ticks = within.length <= MOST_LOG_TICKS ? within : powers.map(power => Number(`1e${power}`));
  return { low: ticks[0]!, high: ticks.at(-1)!, ticks, log: true };
}

/** A tick in few characters: thousands as k, millions as M. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const text =
    size >= 1e6
      ? `${Number((value / 1e6).toPrecision(3))}M`
      : size >= 1e4
        ? `${Number((value / 1e3).toPrecision(3))}k`
        : size > 0 && size < 1e-3
          ? value.toExponential(0)
          : String(Number(value.toPrecision(3)));
  return text.replace('-', '−');
}
