import type { RunData } from '../../record/run-data.ts';
import type { ChartSpec } from './chart-specs.ts';

/** The vertical axis that all plots of a chart share, so that they can be compared by eye. */
export interface ChartAxis {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
}

const DIGITS = [1, 2, 2.5, 5, 10];
const MOST_INTERVALS = 5;

/** Round ticks from 0, or from below where `lowest` is, that reach to `highest` at least, in about five intervals. */
export function niceTicks(highest: number, lowest = 0): readonly number[] {
  const [from, to] = lowest < 0 ? [lowest, Math.max(0, highest)] : [0, highest > 0 ? highest : 1];
  const rough = (to - from) / MOST_INTERVALS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const spacing = (DIGITS.find(digit => digit * power >= rough * 0.999) ?? 10) * power;
  const first = Math.floor((from / spacing) * 0.999);
  const last = Math.ceil((to / spacing) * 0.999);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * spacing).toPrecision(6)));
}

const LOG_DIGITS = [1, 2, 5];

/** Ticks of a logarithmic axis that takes in both ends: 1, 2 and 5 of every power of ten, or the powers alone where those are many. */
export function logTicks(lowest: number, highest: number): readonly number[] {
  const powers = Array.from(
    { length: Math.ceil(Math.log10(highest)) - Math.floor(Math.log10(lowest)) + 1 },
    (_, i) => Math.floor(Math.log10(lowest)) + i,
  );
  const all = powers.flatMap(power => LOG_DIGITS.map(digit => Number((digit * 10 ** power).toPrecision(6))));
  const first = all.findLastIndex(tick => tick <= lowest * 1.001);
  const last = all.findIndex(tick => tick >= highest * 0.999);
  const within = all.slice(Math.max(0, first), last < 0 ? undefined : Math.max(last, first + 1) + 1);
  return within.length <= MOST_INTERVALS + 2
    ? within
    : powers.map(power => Number((10 ** power).toPrecision(6)));
}

/** Every figure of a chart, whoever's it is. */
function* figures(data: RunData, chart: ChartSpec): Generator<number> {
  for (const { metric, evaluated, interval, teacherLevel } of chart.plots) {
    if (metric) yield* data.series.column(metric);
    for (const record of data.evals) {
      yield evaluated?.(record) ?? NaN;
      yield* interval?.(record) ?? [];
    }
    if (data.teacher) yield teacherLevel ?? evaluated?.(data.teacher) ?? NaN;
  }
}

/** The axis that takes in all figures of a chart. On a logarithmic one what is not above 0 has no place. */
export function chartAxis(data: RunData, chart: ChartSpec, log: boolean): ChartAxis {
  let [lowest, highest] = [Infinity, -Infinity];
  if (!chart.share)
    for (const value of figures(data, chart)) {
      if (!Number.isFinite(value) || (log && value <= 0)) continue;
      lowest = Math.min(lowest, value);
      highest = Math.max(highest, value);
    }
  const empty = lowest > highest;
  const ticks = log
    ? logTicks(empty ? chart.expected / 10 : lowest, empty ? chart.expected : highest)
    : niceTicks(chart.share || empty || highest <= 0 ? chart.expected : highest, empty ? 0 : lowest);
  return { low: ticks[0] ?? 0, high: ticks.at(-1) ?? 1, ticks };
}
