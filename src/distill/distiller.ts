import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { StepEncoder } from '../gpu/encoder.ts';
import type { Tensor } from '../gpu/tensor.ts';
import {
  divergenceHead,
  headScratch,
  type HeadObjective,
  type HeadScratch,
} from '../kernels/divergence/divergence-head.ts';
import { METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import { promptAndResponse } from '../model/packed-batch.ts';
import { readNorm, type GradientReport } from './gradient-report.ts';
import type { Learner, OptimizerStep } from './policy.ts';
import { LearningPass, ScoredPass, type PassCapacity } from './scored-pass.ts';

/** A response y under the student's context x and the teacher's [c(x); x]. */
export interface ScoredResponse {
  readonly prompt: Uint32Array;
  readonly teacherPrompt: Uint32Array;
  readonly response: Uint32Array;
}

/** Metrics of every response token, [tokens, METRIC_COLUMNS], and where each response begins (with one end more). */
export interface TokenMetrics {
  readonly columns: Float32Array<ArrayBuffer>;
  readonly start: readonly number[];
}

/**
 * Holds what it takes to push a learner to a teacher on given responses: both forward passes, the fused head and the backward.
 * Buffers are allocated once for the capacities and owned by `memory`.
 */
export class Distiller {
  readonly learner: Learner;
  readonly capacity: {
    readonly responses: number;
    readonly student: PassCapacity;
    readonly teacher: PassCapacity;
  };
  readonly #gpu: Gpu;
  readonly #student: LearningPass;
  readonly #teacher: ScoredPass;
  readonly #weight: Tensor;
  readonly #metrics: Tensor;
  readonly #scratch: HeadScratch;

  constructor(
    gpu: Gpu,
    memory: Memory,
    learner: Learner,
    limits: { responses: number; promptTokens: number; teacherPromptTokens: number; responseTokens: number },
  ) {
    const { responses, promptTokens, teacherPromptTokens, responseTokens } = limits;
    const { config } = learner.decoder;
    const scored = responses * responseTokens;
    const passCapacity = (prompt: number): PassCapacity => ({
      rows: responses * (prompt + responseTokens),
      scored,
    });
    this.#gpu = gpu;
    this.learner = learner;
    this.capacity = {
      responses,
      student: passCapacity(promptTokens),
      teacher: passCapacity(teacherPromptTokens),
    };
    this.#student = new LearningPass(gpu, memory, learner, this.capacity.student);
    this.#teacher = new ScoredPass(gpu, memory, config, {
      label: 'teacher',
      capacity: this.capacity.teacher,
    });
    this.#weight = memory.tensor('tokenWeight', scored);
    this.#metrics = memory.tensor('tokenMetrics', scored * METRIC_COLUMNS);
    this.#scratch = headScratch(memory, {
      vocab: config.vocab,
      dim: config.dim,
      tokens: scored,
      teacher: true,
    });
  }

  /** One optimiser step on the mean objective over all response tokens. One submit, one readback. */
  async learn(
    teacher: Decoder,
    responses: readonly ScoredResponse[],
    args: {
      objective: HeadObjective;
      groups?: readonly number[];
      temperature: number;
      optimizer: OptimizerStep;
    },
  ): Promise<{ metrics: TokenMetrics; gradient: GradientReport }> {
    const { learner } = this;
    const tokens = this.#load(responses);
    const encoder = this.#gpu.encoder();
    this.#recordLearn(encoder, teacher, args);
    encoder.submit();
    const [metrics, norm] = await this.#gpu.readback.read([
      { tensor: this.#metrics, count: tokens * METRIC_COLUMNS },
      { tensor: learner.norm },
    ]);
    return {
      metrics: { columns: new Float32Array(metrics!), start: this.#student.batch.scoredStart },
      gradient: readNorm(norm!),
    };
  }
}
