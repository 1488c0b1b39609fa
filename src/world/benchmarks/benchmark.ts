import type { MetricSummary } from '../../record/benchmark-report.ts';
import type { ClauseName } from '../tables/clauses.ts';
import type { Query } from '../query-types.ts';

/** One prompt of an item: a held-out query, and the constitution in its context if the benchmark sets one. */
export interface BenchmarkPrompt {
  readonly query: Query;
  readonly constitution: string | null;
  readonly clauses: readonly ClauseName[] | null;
}

/** What is scored together: one prompt, or two that must both be right. */
export interface BenchmarkItem {
  readonly id: string;
  readonly prompts: readonly BenchmarkPrompt[];
}

/** Scores of one item by metric, each in [0, 1]; a metric that does not apply to the item is left out. */
export type ItemScores = Readonly<Record<string, number>>;

export interface Benchmark {
  readonly name: string;
  /** The public benchmark it corresponds to; the texts are this world's, not that benchmark's. */
  readonly role: string;
  /** What it asks and how it is scored, in one or two sentences. */
  readonly asks: string;
  /**
   * The metric to quote when there is room for one; higher is better. A model that refuses everything wins those of harm-pairs and
   * leak-check, so read them only beside the others.
   */
  readonly headline: string;
  /** Most items; `items` returns fewer where the held-out space has no more. */
  readonly size: number;
  /** Whether answers are compared with the base model's answers to the same prompts. */
  readonly comparesWithBase: boolean;
  /** The first items; the same ones in every call. */
  items(limit?: number): readonly BenchmarkItem[];
  /** Scores the answers to an item's prompts, in their order; `base` holds the base model's, where they are compared. */
  score(item: BenchmarkItem, answers: readonly string[], base: readonly string[]): ItemScores;
}

/** Two items with score 0 and two with score 1 are added before taking the spread, so that a perfect score has an interval too. */
const PSEUDO_ITEMS = 4;
const NORMAL_95 = 1.959964;

/** Mean of scores in [0, 1] with the Agresti–Coull half-width, 1.96 √(s² / (n + 4)), s² the spread with the added items. */
export function summarise(scores: readonly number[]): MetricSummary {
  const n = scores.length;
  if (n === 0) throw new RangeError('summarise: no scores.');
  const sum = scores.reduce((total, score) => total + score, 0);
  const squares = scores.reduce((total, score) => total + score * score, 0);
  const size = n + PSEUDO_ITEMS;
  const centre = (sum + PSEUDO_ITEMS / 2) / size;
  const spread = (squares + PSEUDO_ITEMS / 2) / size - centre * centre;
  return { mean: sum / n, halfWidth: NORMAL_95 * Math.sqrt(Math.max(0, spread) / size), items: n };
}

/**
 * Scores a whole benchmark. `answers[i]` answers the prompts of `items[i]`; `base` likewise, and is needed where the benchmark
 * compares. Throws RangeError where the numbers of answers do not fit.
 */
export function scoreBenchmark(
  benchmark: Benchmark,
  items: readonly BenchmarkItem[],
  answers: readonly (readonly string[])[],
  base: readonly (readonly string[])[] = [],
): Record<string, MetricSummary> {
  const fits = (given: readonly (readonly string[])[]): boolean =>
    items.every((item, index) => given[index]?.length === item.prompts.length);
  if (!fits(answers) || (benchmark.comparesWithBase && !fits(base))) {
    throw new RangeError(`${benchmark.name}: the answers do not fit the ${items.length} items.`);
  }
  const columns: Record<string, number[]> = {};
  items.forEach((item, index) => {
    const scores = benchmark.score(item, answers[index] as readonly string[], base[index] ?? []);
    for (const [metric, score] of Object.entries(scores)) (columns[metric] ??= []).push(score);
  });
  return Object.fromEntries(Object.entries(columns).map(([metric, scores]) => [metric, summarise(scores)]));
}

/** Items of one prompt each, without a constitution. */
export const singleItems = (queries: readonly Query[]): BenchmarkItem[] =>
  queries.map(query => ({ id: query.text, prompts: [{ query, constitution: null, clauses: null }] }));

/** An item's prompt at an index; its absence is a bug in the benchmark. */
export function promptAt(item: BenchmarkItem, index = 0): BenchmarkPrompt {
  const prompt = item.prompts[index];
  if (prompt === undefined) throw new RangeError(`The item "${item.id}" has no prompt ${index}.`);
  return prompt;
}
