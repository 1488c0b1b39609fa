/** A mean of scores in [0, 1] with half the width of its 95 % interval, and the number of items behind it. */
export interface MetricSummary {
  readonly mean: number;
  readonly halfWidth: number;
  readonly items: number;
}

export interface BenchmarkResult {
  readonly name: string;
  /** The public benchmark whose role it plays. */
  readonly role: string;
  /** The metric to quote where there is room for one; a key of `metrics`. Higher is better. */
  readonly headline: string;
  readonly metrics: Readonly<Record<string, MetricSummary>>;
}

/** One model on the mini-benchmarks, as one file. */
export interface BenchmarkReport {
  readonly format: 'copsd-benchmarks';
  readonly version: 1;
  readonly model: string;
  /** SHA-256 of the base's weights, against which win rates are. */
  readonly weightsSha256: string;
  readonly seed: number;
  /** Most items of each benchmark; null for all. */
  readonly limit: number | null;
  /** Title of the constitution that was routed into every prompt without one of its own; null for none. */
  readonly constitution: string | null;
  readonly benchmarks: readonly BenchmarkResult[];
}
