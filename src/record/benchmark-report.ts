import { z } from 'zod';
import type { Frozen } from './fields.ts';

/** A mean of scores in [0, 1] with half the width of its 95 % interval, and the number of items behind it. */
const summary = z.object({
  mean: z.number().min(0).max(1),
  halfWidth: z.number().min(0),
  items: z.int().min(1),
});
export type MetricSummary = Frozen<z.infer<typeof summary>>;

const result = z.object({
  name: z.string(),
  /** The public benchmark whose role it plays. */
  role: z.string(),
  /** The metric to quote where there is room for one; a key of `metrics`. Higher is better. */
  headline: z.string(),
  metrics: z.record(z.string(), summary),
});
export type BenchmarkResult = Frozen<z.infer<typeof result>>;

/** One model on the mini-benchmarks, as one file. */
export const benchmarkReportSchema = z.object({
  format: z.literal('copsd-benchmarks'),
  version: z.literal(1),
  model: z.string(),
  /** SHA-256 of the base's weights, against which win rates are. */
  weightsSha256: z.string(),
  seed: z.number(),
  /** Most items of each benchmark; null for all. */
  limit: z.number().nullable(),
  /** Title of the constitution that was routed into every prompt without one of its own; null for none. */
  constitution: z.string().nullable(),
  benchmarks: z.array(result),
});
export type BenchmarkReport = Frozen<z.infer<typeof benchmarkReportSchema>>;
