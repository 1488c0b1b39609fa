import type { StepEncoder } from '../gpu/encoder.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { divergenceHead } from '../kernels/divergence/divergence-head.ts';
import { headScratch, type HeadScratch } from '../kernels/divergence/head-chunks.ts';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { promptAndResponse, type PackedSequence } from '../model/packed-batch.ts';
import type { Learner, OptimizerStep } from './policy.ts';
import { LearningPass, type PassCapacity } from './scored-pass.ts';
import { readGradientNorm, type GradientNormResult } from '../kernels/gradient-norm/gradient-norm.ts';

/** Sequences to learn by cross-entropy, and the weight of every scored token, in order. */
export interface SupervisedBatch {
  readonly sequences: readonly PackedSequence[];
  /** Their sum divides the loss. */
  readonly weights: Float32Array<ArrayBuffer>;
}

export interface SupervisedReport {
  /** Σ w · CE / Σ w over the scored tokens, in nats. */
  readonly loss: number;
  /** The same over tokens of weight at least 1 alone: the answers. */
  readonly answerLoss: number;
  /** Mean entropy of the next token at answer positions, in nats. */
  readonly entropy: number;
  /** Where any element is not finite, the step changed nothing. */
  readonly gradient: GradientNormResult;
}

/** Weighted cross-entropy training of a learner: pretraining, and supervised fine-tuning. Buffers are owned by `memory`. */
export class SupervisedTrainer {
  readonly #gpu: Gpu;
  readonly #learner: Learner;
  readonly #pass: LearningPass;
  readonly #weight: Tensor;
  readonly #metrics: Tensor;
  readonly #scratch: HeadScratch;

  constructor(gpu: Gpu, memory: Memory, learner: Learner, capacity: PassCapacity) {
    const { vocab, dim } = learner.decoder.config;
    this.#gpu = gpu;
    this.#learner = learner;
    this.#pass = new LearningPass(gpu, memory, learner, capacity);
    this.#weight = memory.tensor('sft.weight', capacity.scored);
    this.#metrics = memory.tensor('sft.metrics', capacity.scored * METRIC_COLUMNS);
    this.#scratch = headScratch(memory, { vocab, dim, tokens: capacity.scored, teacher: false });
  }

  /** One step: forward, loss, backward, clip, AdamW; one submit and one readback. */
  async step({ sequences, weights }: SupervisedBatch, optimizer: OptimizerStep): Promise<SupervisedReport> {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#pass.load(sequences);
    this.#gpu.write(
      this.#weight,
      weights.map(weight => weight / total),
    );
    const encoder = this.#gpu.encoder();
    this.#record(encoder, optimizer);
    encoder.submit();
    const [metrics, norm] = await this.#gpu.readback.read([
      { tensor: this.#metrics, count: weights.length * METRIC_COLUMNS },
      { tensor: this.#learner.norm },
    ]);
    const columns = new Float32Array(metrics!);
    let loss = 0;
    let answerLoss = 0;
    let answers = 0;
    let entropy = 0;
    for (const [token, weight] of weights.entries()) {
      const value = columns[token * METRIC_COLUMNS + METRIC.loss]!;
      loss += (weight / total) * value;
      if (weight < 1) continue;
      answerLoss += value;
      entropy += columns[token * METRIC_COLUMNS + METRIC.studentEntropy]!;
      answers++;
    }
    return {
      loss,
      answerLoss: answerLoss / Math.max(1, answers),
      entropy: entropy / Math.max(1, answers),
      gradient: readGradientNorm(new Uint32Array(norm!)),
    };
  }

  #record(encoder: StepEncoder, optimizer: OptimizerStep): void {
    const pass = this.#pass;
    const learner = this.#learner;
    learner.zeroGradients(encoder);
    pass.forward(encoder, learner.decoder);
    divergenceHead(encoder, {
      objective: { kind: 'cross-entropy' },
      studentHidden: pass.scoredHidden,
      studentHead: learner.decoder.weights.head,
      target: pass.batch.target,
      weight: this.#weight,
      metrics: this.#metrics,
      scratch: this.#scratch,
      tokens: pass.batch.scored,
      dHidden: pass.dScoredHidden,
      ...(learner.headGradient && { dHead: learner.headGradient }),
    });
    pass.backward(encoder, learner);
    learner.clip(encoder, optimizer.clipNorm);
    learner.adamw(encoder, optimizer);
  }
}

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
