import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { StepEncoder } from '../gpu/encoder.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { gatherRows, scatterRows } from '../kernels/rows/rows.ts';
import {
  createActivations,
  createBackwardScratch,
  type Activations,
  type BackwardScratch,
} from '../model/activations.ts';
import type { DecoderConfig } from '../model/config.ts';
import { decoderBackward } from '../model/decoder-backward.ts';
import { decoderForward, type Decoder } from '../model/decoder-forward.ts';
import type { LoraTensors } from '../model/lora.ts';
import { PackedBatch, type PackedSequence } from '../model/packed-batch.ts';
import type { Learner } from './policy.ts';

/** Most tokens that a pass takes: fed, and scored. */
export interface PassCapacity {
  readonly rows: number;
  readonly scored: number;
}

/** A forward pass over packed sequences that ends in the hidden states which predict the scored tokens. */
export class ScoredPass {
  readonly batch: PackedBatch;
  /** [scored, dim]: hidden state that predicts each scored token. */
  readonly scoredHidden: Tensor;
  protected readonly activations: Activations;

  constructor(
    gpu: Gpu,
    memory: Memory,
    config: DecoderConfig,
    options: { label: string; capacity: PassCapacity; save?: boolean; lora?: LoraTensors | undefined },
  ) {
    const { label, capacity, save = false, lora } = options;
    this.batch = new PackedBatch(gpu, memory, label, capacity);
    this.activations = createActivations(memory, config, { label, rows: capacity.rows, save, lora });
    this.scoredHidden = memory.tensor(`${label}.scoredHidden`, capacity.scored * config.dim);
  }

  load(sequences: readonly PackedSequence[]): void {
    this.batch.upload(sequences);
  }

  forward(encoder: StepEncoder, decoder: Decoder): void {
    const { batch, activations } = this;
    decoderForward(encoder, decoder, batch, activations);
    gatherRows(encoder, {
      ...{
        x: activations.hidden,
        index: batch.scoredRow,
        y: this.scoredHidden,
        rows: batch.scored,
        dim: decoder.config.dim,
      },
    });
  }
}

/** A scored pass that keeps what a backward needs. */
export class LearningPass extends ScoredPass {
  /** Gradient of `scoredHidden`, [scored, dim]: written by the head. */
  readonly dScoredHidden: Tensor;
  readonly #dHidden: Tensor;
  readonly #scratch: BackwardScratch;

  constructor(gpu: Gpu, memory: Memory, learner: Learner, capacity: PassCapacity) {
    const { config, lora } = learner.decoder;
    super(gpu, memory, config, { label: 'student', capacity, save: true, lora });
    this.dScoredHidden = memory.tensor('student.dScoredHidden', capacity.scored * config.dim);
    this.#dHidden = memory.tensor('student.dHidden', capacity.rows * config.dim);
    this.#scratch = createBackwardScratch(memory, config, { label: 'backward', rows: capacity.rows, lora });
  }

  /** From `dScoredHidden` to every gradient of the learner. */
  backward(encoder: StepEncoder, learner: Learner): void {
    const { batch, activations } = this;
    const { dim } = learner.decoder.config;
    scatterRows(encoder, {
      ...{
        y: this.dScoredHidden,
        index: batch.scoredRow,
        x: this.#dHidden,
        rows: batch.scored,
        dim,
        total: batch.rows,
      },
    });
    decoderBackward(encoder, learner.decoder, batch, activations, {
      dHidden: this.#dHidden,
      gradients: learner.gradients,
      scratch: this.#scratch,
    });
  }
}
