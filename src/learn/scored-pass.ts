import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { StepEncoder } from '../gpu/encoder.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { gatherRows, scatterRows } from '../kernels/rows/rows.ts';
import {
  activationBytes,
  createActivations,
  createBackwardScratch,
  type Activations,
  type BackwardScratch,
  type Saved,
  type Workspace,
} from '../model/activations.ts';
import type { DecoderConfig } from '../model/config.ts';
import { decoderBackward } from '../model/decoder-backward.ts';
import { decoderForward, type Decoder } from '../model/decoder-forward.ts';
import type { LoraTensors } from '../model/lora.ts';
import { PackedBatch, promptAndResponse, type PackedSequence } from '../model/packed-batch.ts';
import type { Learner } from './policy.ts';

/** A response y under the student's context x and the teacher's [c(x); x]. */
export interface ScoredResponse {
  readonly prompt: Uint32Array;
  readonly teacherPrompt: Uint32Array;
  readonly response: Uint32Array;
}

const token = Uint32Array.of(0);
/** The least that there is to score: for compiling. */
export const ONE_TOKEN: ScoredResponse = { prompt: token, teacherPrompt: token, response: token };

/** Responses as a pass takes them, in one of their contexts. */
export const packed = (
  responses: readonly ScoredResponse[],
  context: 'prompt' | 'teacherPrompt',
): PackedSequence[] => responses.map(scored => promptAndResponse(scored[context], scored.response));

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
    options: {
      label: string;
      capacity: PassCapacity;
      save?: Saved;
      lora?: LoraTensors | undefined;
      workspace?: Workspace | undefined;
    },
  ) {
    const { label, capacity, save = 'nothing', lora, workspace } = options;
    const { rows } = capacity;
    this.batch = new PackedBatch(gpu, memory, label, capacity);
    this.activations = createActivations(memory, config, { label, rows, save, lora, workspace });
    this.scoredHidden = memory.tensor(`${label}.scoredHidden`, capacity.scored * config.dim);
  }

  load(sequences: readonly PackedSequence[]): void {
    this.batch.upload(sequences);
  }

  forward(encoder: StepEncoder, decoder: Decoder): void {
    const { batch, activations } = this;
    decoderForward(encoder, decoder, batch, activations);
    gatherRows(encoder, {
      x: activations.hidden,
      index: batch.scoredRow,
      y: this.scoredHidden,
      rows: batch.scored,
      dim: decoder.config.dim,
    });
  }
}

/** What a learning pass shares, and whether it stores or recomputes the activations for its backward. */
export interface LearningOptions {
  /** Recomputes each layer's activations in the backward (gradient checkpointing); by default `shouldRecompute` decides. */
  readonly recompute?: boolean | undefined;
  /** Taken where it recomputes: see `Workspace`. */
  readonly workspace?: Workspace | undefined;
}

/** An adapter's pass recomputes activations that would take more bytes than this, at about a third more time. */
const RECOMPUTE_ABOVE = 256 * 2 ** 20;

/** Whether a pass of so many tokens recomputes activations: adapters on large models do. */
export function shouldRecompute({ config, lora }: Decoder, rows: number): boolean {
  return (
    lora !== undefined && activationBytes(config, { label: '', rows, save: 'layers', lora }) > RECOMPUTE_ABOVE
  );
}

/** A scored pass that stores what its backward needs. */
export class LearningPass extends ScoredPass {
  /** Gradient of `scoredHidden`, [scored, dim]: written by the head. */
  readonly dScoredHidden: Tensor;
  readonly #scratch: BackwardScratch;

  constructor(
    gpu: Gpu,
    memory: Memory,
    learner: Learner,
    capacity: PassCapacity,
    { recompute, workspace }: LearningOptions = {},
  ) {
    const { config, lora } = learner.decoder;
    const save = (recompute ?? shouldRecompute(learner.decoder, capacity.rows)) ? 'streams' : 'layers';
    super(gpu, memory, config, { label: 'student', capacity, save, lora, workspace });
    this.dScoredHidden = memory.tensor('student.dScoredHidden', capacity.scored * config.dim);
    this.#scratch = createBackwardScratch(memory, config, { label: 'backward', rows: capacity.rows, lora });
  }

  /** From `dScoredHidden` to every gradient of the learner. Its forward with the same weights must be the last one. */
  backward(encoder: StepEncoder, learner: Learner): void {
    const { batch, activations } = this;
    // The final norm's output has been gathered, so its buffer takes its gradient.
    const { hidden: dHidden } = activations;
    const { dim } = learner.decoder.config;
    scatterRows(encoder, {
      y: this.dScoredHidden,
      index: batch.scoredRow,
      x: dHidden,
      rows: batch.scored,
      dim,
      total: batch.rows,
    });
    decoderBackward(encoder, learner.decoder, batch, activations, {
      dHidden,
      gradients: learner.gradients,
      scratch: this.#scratch,
    });
  }
}
