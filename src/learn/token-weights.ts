import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';

/** Weight of each response token in the mean loss. The buffer is owned by `memory`. */
export class TokenWeights {
  /** f32 [scored]. */
  readonly tensor: Tensor;
  readonly #gpu: Gpu;

  constructor(gpu: Gpu, memory: Memory, scored: number) {
    this.#gpu = gpu;
    this.tensor = memory.tensor('token.weight', scored);
  }

  /**
   * 1/n for each of the n tokens that take part; 0 for the first `skipFirst` of each response.
   * @param start first token of each response, and one past the last
   * @param loss `each`: 1 in place of 1/n, so that a token's gradient is that of its own loss
   */
  load(start: readonly number[], skipFirst: number, loss: 'mean' | 'each' = 'mean'): void {
    const weights = new Float32Array(start.at(-1) ?? 0);
    for (let response = 0; response + 1 < start.length; response++)
      weights.fill(1, Math.min(start[response]! + skipFirst, start[response + 1]!), start[response + 1]);
    const active = loss === 'mean' ? weights.reduce((sum, weight) => sum + weight, 0) : 1;
    this.#gpu.write(
      this.tensor,
      weights.map(weight => weight / Math.max(1, active)),
    );
  }
}
