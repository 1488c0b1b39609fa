import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import { promptAndResponse } from '../model/packed-batch.ts';
import type { Learner, OptimizerStep } from './policy.ts';
import { SupervisedTrainer, type SupervisedReport } from './sft-step.ts';

/** A prompt with the answer to learn. */
export interface AnsweredPrompt {
  readonly prompt: Uint32Array;
  readonly response: Uint32Array;
}

/** Supervised fine-tuning on answers: cross-entropy over the response tokens, each of the same weight. Buffers belong to `memory`. */
export class FineTuner {
  readonly #trainer: SupervisedTrainer;

  /** @param limits most pairs in a batch, and their longest prompt and response in tokens */
  constructor(
    gpu: Gpu,
    memory: Memory,
    learner: Learner,
    limits: { readonly batch: number; readonly promptTokens: number; readonly responseTokens: number },
  ) {
    const { batch, promptTokens, responseTokens } = limits;
    this.#trainer = new SupervisedTrainer(gpu, memory, learner, {
      rows: batch * (promptTokens + responseTokens),
      scored: batch * responseTokens,
    });
  }

  async step(pairs: readonly AnsweredPrompt[], optimizer: OptimizerStep): Promise<SupervisedReport> {
    const sequences = pairs.map(({ prompt, response }) => promptAndResponse(prompt, response));
    const scored = sequences.reduce((sum, sequence) => sum + sequence.scored.length, 0);
    return await this.#trainer.step({ sequences, weights: new Float32Array(scored).fill(1) }, optimizer);
  }
}
