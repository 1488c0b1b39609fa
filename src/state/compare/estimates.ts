import { wilsonInterval } from '../../contract/interval.ts';
import type { EvaluationRecord } from '../../record/run-record.ts';
import { bootstrapDifference, bootstrapMean, bootstrapOverSeeds } from '../../metrics/bootstrap.ts';
import { queriesOf, type EvaluationFigure } from '../../record/evaluation-record.ts';

/** A mean over seeds with its 95 % interval; null where nothing says how far it spreads. */
export interface Estimate {
  readonly mean: number;
  readonly interval: readonly [low: number, high: number] | null;
  /** Runs behind it. */
  readonly seeds: number;
}

/** Resamples of an interval: its ends vary by a twentieth of its width, less than a figure shows. */
const RESAMPLES = 1000;
const OPTIONS = { resamples: RESAMPLES } as const;

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const Z_95 = 1.959964;

/** Half the width of a mean's 95 % interval by the spread of the seeds alone, z s / √n; 0 for one seed. */
export function seedError(values: readonly number[]): number {
  const n = values.length;
  if (n < 2) return 0;
  const mean = average(values);
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return Z_95 * Math.sqrt(variance / n);
}

/** Estimates by the first of their evaluations: a redrawn figure asks for the same ones. */
const known = new WeakMap<
  EvaluationRecord,
  { measure: EvaluationFigure; of: readonly EvaluationRecord[]; estimate: Estimate | null }[]
>();

/**
 * A measure of one policy trained with several seeds, one evaluation each; those without the figure are ignored.
 *
 * - Measures of single queries: bootstrap over seeds and the queries within each (`bootstrapOverSeeds`); one seed alone has its
 *   share's Wilson interval. Where all resamples agree (a share of 0 or 1), Wilson's at the queries of one seed, since the seeds
 *   may have been asked the same ones.
 * - Win rates: Wilson's at the pairs of one seed, since the seeds are asked the same queries, each side widened by the seeds' own
 *   spread: √(side² + z² s² / n).
 * - Others (entropy, diversity, …): bootstrap over the seeds' values; one seed alone has no interval.
 *
 * With few seeds the intervals are too narrow, see `bootstrapOverSeeds`.
 */
export function estimate(measure: EvaluationFigure, records: readonly EvaluationRecord[]): Estimate | null {
  const [first] = records;
  if (!first) return null;
  const kept = known.get(first) ?? [];
  const found = kept.find(
    ({ measure: of, of: list }) =>
      of === measure && list.length === records.length && list.every((record, i) => record === records[i]),
  );
  if (found) return found.estimate;
  const made = compute(measure, records);
  known.set(first, [...kept, { measure, of: [...records], estimate: made }]);
  return made;
}

function compute(measure: EvaluationFigure, all: readonly EvaluationRecord[]): Estimate | null {
  const records = all.filter(record => measure.value(record) !== null);
  const values = records.map(record => measure.value(record)!);
  if (values.length === 0) return null;
  const mean = average(values);
  const seeds = values.length;
  const asked = Math.min(...records.map(record => queriesOf(record, measure.kinds)));
  const { perQuery } = measure;
  if (perQuery) {
    if (measure.share && seeds === 1) return { mean, interval: wilsonInterval(mean, asked), seeds };
    const { low, high } = bootstrapOverSeeds(records.map(perQuery), OPTIONS);
    const interval = measure.share && low === high ? wilsonInterval(mean, asked) : ([low, high] as const);
    return { mean, interval, seeds };
  }
  if (measure.over === 'pairs') {
    const [low, high] = wilsonInterval(mean, asked);
    const ofSeeds = seedError(values);
    const [below, above] = [Math.hypot(mean - low, ofSeeds), Math.hypot(high - mean, ofSeeds)];
    return { mean, interval: [Math.max(0, mean - below), Math.min(1, mean + above)], seeds };
  }
  if (seeds === 1) return { mean, interval: null, seeds };
  const { low, high } = bootstrapMean(values, OPTIONS);
  return { mean, interval: [low, high], seeds };
}

/**
 * How far a measure fell from base to student, paired by seed: base − student. With several seeds a bootstrap over their
 * differences; with one, over its queries' differences, where the measure has queries.
 */
export function fall(
  measure: EvaluationFigure,
  pairs: readonly (readonly [base: EvaluationRecord, student: EvaluationRecord])[],
): Estimate | null {
  const measured = pairs.filter(pair => pair.every(record => measure.value(record) !== null));
  const [first] = measured;
  if (!first) return null;
  const differences = measured.map(([base, student]) => measure.value(base)! - measure.value(student)!);
  const seeds = differences.length;
  const mean = average(differences);
  if (seeds > 1) {
    const { low, high } = bootstrapMean(differences, OPTIONS);
    return { mean, interval: [low, high], seeds };
  }
  const [before, after] = first.map(record => measure.perQuery?.(record) ?? []) as [number[], number[]];
  if (before.length === 0 || before.length !== after.length) return { mean, interval: null, seeds };
  const { low, high } = bootstrapDifference(before, after, OPTIONS);
  return { mean, interval: [low, high], seeds };
}

/** Half the width of an estimate's interval; null without one. */
export const halfWidth = ({ interval }: Estimate): number | null =>
  interval && (interval[1] - interval[0]) / 2;
