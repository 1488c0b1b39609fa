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
   */
  load(start: readonly number[], skipFirst: number): void {
    const weights = new Float32Array(start.at(-1) ?? 0);
    for (let response = 0; response + 1 < start.length; response++)
      weights.fill(1, Math.min(start[response]! + skipFirst, start[response + 1]!), start[response + 1]);
    const active = weights.reduce((sum, weight) => sum + weight, 0);
    this.#gpu.write(
      this.tensor,
      weights.map(weight => weight / Math.max(1, active)),
    );
  }
}
