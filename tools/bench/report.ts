import type { Summary } from './statistics.ts';

export const PARTS = ['trainStep', 'rollout', 'head'] as const;
export type PartName = (typeof PARTS)[number];

export interface BenchOptions {
  readonly parts: readonly PartName[];
  /** Times that everything is measured; medians over them are reported. */
  readonly rounds: number;
  /** Whether `public/models` has the embedded model's weights. */
  readonly embeddedWeights: boolean;
  /** Path of the folder that has its export for transformers.js, with a slash at both ends; null where there is none. */
  readonly exportedModels: string | null;
}

export interface TrainStepReport {
  /** Tokens trained on a second by this engine. */
  readonly tokensPerSecond: number;
  /** Median over the rounds of this engine's tokens a second / jax-js's. Above 1: this engine is faster. */
  readonly ratioToJaxJs: number;
  /** That median and its range. */
  readonly ratio: Summary;
  /** This engine's peak of live GPU bytes / jax-js's. Below 1: this engine needs less. */
  readonly peakBytesRatioToJaxJs: number;
  /** Calls of queue.submit a step, the one of the readback too. */
  readonly submits: number;
  readonly dispatches: number;
  readonly peakBytes: number;
  readonly seconds: Summary;
  readonly parameters: number;
  readonly tokens: number;
  /** Largest relative difference between both engines' losses over all steps. */
  readonly lossDifference: number;
  readonly jaxJs: {
    readonly tokensPerSecond: number;
    readonly submits: number;
    readonly dispatches: number;
    readonly peakBytes: number;
    readonly seconds: Summary;
  };
}

/** What batches of rollouts took; counts are those of one batch. */
interface RolloutFigures {
  /** Tokens sampled a second over the batch, prefill included. */
  readonly tokensPerSecond: number;
  readonly submits: number;
  readonly dispatches: number;
  readonly mappings: number;
  readonly seconds: Summary;
}

export interface RolloutPeerReport extends RolloutFigures {
  /** Over the rounds, this engine's tokens a second / the peer's. */
  readonly ratio: Summary;
  /** Share of the answers of most likely tokens that both give alike. */
  readonly equalGreedy: number;
}

export interface RolloutReport extends RolloutFigures {
  /** Mappings of a batch / positions of a row. The batch has `rollouts` tokens at each position. */
  readonly readbacksPerToken: number;
  readonly positions: number;
  readonly rollouts: number;
  readonly model: string;
  /** Median over the rounds of this engine's tokens a second / transformers.js's on WebGPU. Above 1: this engine is faster. */
  readonly ratioToTransformersJs?: number;
  /** The same to transformers.js on WebAssembly. */
  readonly ratioToTransformersJsWasm?: number;
  readonly transformersJs?: RolloutPeerReport;
  readonly transformersJsWasm?: RolloutPeerReport;
}

export interface HeadReport {
  /** Most GPU bytes at once, but for inputs and outputs, with 49,152 entries. */
  readonly extraBytes49k: number;
  /** The same with 151,936 entries. */
  readonly extraBytes151k: number;
  readonly tokensPerSecond49k: number;
  readonly tokensPerSecond151k: number;
  /** Largest error against f64 as a share of what the tolerances allow. */
  readonly errorOfTolerance49k: number;
  readonly errorOfTolerance151k: number;
  /** Tokens whose memory and errors these are, and the fewer that are timed. */
  readonly tokens: number;
  readonly timedTokens: number;
}

/** What the page measured. */
export interface PageReport {
  readonly adapter: string;
  readonly trainStep?: TrainStepReport;
  readonly rollout?: RolloutReport;
  readonly head?: HeadReport;
}

/** One thing to measure, set up and warm: `round` measures once. */
export interface BenchPart {
  round(): Promise<void>;
  report(): Partial<PageReport>;
}

/** Seconds that an asynchronous piece of work takes. */
export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
