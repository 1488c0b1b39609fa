/** How tokens are drawn. `seed` and `stream` fix every draw: the same pair replays the same rollouts. */
export interface Sampling {
  /** 0 takes the most likely token. */
  readonly temperature: number;
  /** 0 keeps all. */
  readonly topK: number;
  /** 1 keeps all. */
  readonly topP: number;
  readonly seed: number;
  readonly stream: number;
}

/** An answer as sampled: `tokens` ends with the end-of-turn token unless it was cut at the length limit. */
export interface Rollout {
  readonly tokens: Uint32Array<ArrayBuffer>;
  /** Log-probability of each token, and entropy at its position, in nats, of the distribution at temperature 1. */
  readonly logProbs: Float32Array<ArrayBuffer>;
  readonly entropies: Float32Array<ArrayBuffer>;
}
