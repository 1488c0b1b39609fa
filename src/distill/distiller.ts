import type { StepEncoder } from '../gpu/encoder.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { divergenceHead, type HeadObjective } from '../kernels/divergence/divergence-head.ts';
import { METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { headScratch, type HeadScratch } from '../kernels/divergence/head-chunks.ts';
import { readGradientNorm, type GradientNormResult } from '../kernels/gradient-norm/gradient-norm.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import { promptAndResponse, type PackedSequence } from '../model/packed-batch.ts';
import type { Learner, OptimizerStep } from './policy.ts';
import { LearningPass, ScoredPass, type PassCapacity } from './scored-pass.ts';
import type { TokenMetrics } from './token-metrics.ts';

/** A response y under the student's context x and the teacher's [c(x); x]. */
export interface ScoredResponse {
  readonly prompt: Uint32Array;
  readonly teacherPrompt: Uint32Array;
  readonly response: Uint32Array;
}

/** What is minimised, and how the step is taken. */
export interface Learning {
  readonly objective: HeadObjective;
  /** τ by which both models' logits are divided. */
  readonly temperature: number;
  /** Consecutive responses that share a query: the pool of a dense advantage. */
  readonly rolloutsPerQuery: number;
  readonly optimizer: OptimizerStep;
}

/**
 * Holds what it takes to push a learner to a teacher on given responses: both forward passes, the fused head and the backward.
 * Buffers are allocated once for the capacities and owned by `memory`.
 */
export class Distiller {
  readonly learner: Learner;
  /** Most responses that are scored at once. */
  readonly capacity: number;
  readonly #gpu: Gpu;
  readonly #student: LearningPass;
  readonly #teacher: ScoredPass;
  readonly #weight: Tensor;
  readonly #advantage: Tensor;
  readonly #groups: { readonly start: Tensor; readonly end: Tensor };
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
    const pass = (prompt: number): PassCapacity => ({ rows: responses * (prompt + responseTokens), scored });
    this.#gpu = gpu;
    this.learner = learner;
    this.capacity = responses;
    this.#student = new LearningPass(gpu, memory, learner, pass(promptTokens));
    this.#teacher = new ScoredPass(gpu, memory, config, {
      label: 'teacher',
      capacity: pass(teacherPromptTokens),
    });
    this.#weight = memory.tensor('token.weight', scored);
    this.#advantage = memory.tensor('token.advantage', scored);
    this.#groups = {
      start: memory.tensor('group.start', responses, 'u32'),
      end: memory.tensor('group.end', responses, 'u32'),
    };
    this.#metrics = memory.tensor('token.metrics', scored * METRIC_COLUMNS);
    this.#scratch = headScratch(memory, {
      vocab: config.vocab,
      dim: config.dim,
      tokens: scored,
      teacher: true,
    });
  }

  /** Compiles every kernel that a step dispatches. */
  async prepare(teacher: Decoder, learning: Learning): Promise<void> {
    const token = Uint32Array.of(0);
    this.#load([{ prompt: token, teacherPrompt: token, response: token }], 1);
    await this.#gpu.prepare(encoder => this.#record(encoder, teacher, learning));
  }

  /** One optimiser step on the mean objective over all response tokens: one submit, one readback. */
  async learn(
    teacher: Decoder,
    responses: readonly ScoredResponse[],
    learning: Learning,
  ): Promise<{ metrics: TokenMetrics; gradient: GradientNormResult }> {
    this.#load(responses, learning.rolloutsPerQuery);
    const encoder = this.#gpu.encoder();
    this.#record(encoder, teacher, learning);
    encoder.submit();
    const [metrics, norm] = await this.#gpu.readback.read([
      { tensor: this.#metrics, count: this.#student.batch.scored * METRIC_COLUMNS },
      { tensor: this.learner.norm },
    ]);
    return { metrics: this.#tokenMetrics(metrics!), gradient: readGradientNorm(new Uint32Array(norm!)) };
  }

  /** The learner's divergence from the teacher on given responses, without a step. */
  async measure(teacher: Decoder, responses: readonly ScoredResponse[]): Promise<TokenMetrics> {
    this.#load(responses, 1);
    const encoder = this.#gpu.encoder();
    this.#recordForward(encoder, teacher);
    this.#recordHead(encoder, teacher, { objective: { kind: 'reverse-kl' }, temperature: 1 }, false);
    encoder.submit();
    const metrics = await this.#gpu.readback.f32(this.#metrics, this.#student.batch.scored * METRIC_COLUMNS);
    return this.#tokenMetrics(metrics.buffer);
  }

  #load(responses: readonly ScoredResponse[], perQuery: number): void {
    const sequences = (prompt: 'prompt' | 'teacherPrompt'): PackedSequence[] =>
      responses.map(scored => promptAndResponse(scored[prompt], scored.response));
    this.#student.load(sequences('prompt'));
    this.#teacher.load(sequences('teacherPrompt'));
    const { scored, scoredStart } = this.#student.batch;
    this.#gpu.write(this.#weight, new Float32Array(scored).fill(1 / scored));
    const edges = scoredStart.filter(
      (_, response) => response % perQuery === 0 || response === responses.length,
    );
    this.#gpu.write(this.#groups.start, Uint32Array.from(edges.slice(0, -1)));
    this.#gpu.write(this.#groups.end, Uint32Array.from(edges.slice(1)));
  }

  #record(encoder: StepEncoder, teacher: Decoder, learning: Learning): void {
    this.learner.zeroGradients(encoder);
    this.#recordForward(encoder, teacher);
    this.#recordHead(encoder, teacher, learning, true);
    this.#student.backward(encoder, this.learner);
    this.learner.update(encoder, learning.optimizer);
  }

  #recordForward(encoder: StepEncoder, teacher: Decoder): void {
    this.#teacher.forward(encoder, teacher);
    this.#student.forward(encoder, this.learner.decoder);
  }

  #recordHead(
    encoder: StepEncoder,
    teacher: Decoder,
    {
      objective,
      temperature,
      rolloutsPerQuery = 1,
    }: Pick<Learning, 'objective' | 'temperature'> & Partial<Learning>,
    learn: boolean,
  ): void {
    const { batch, scoredHidden, dScoredHidden } = this.#student;
    const { config, weights } = this.learner.decoder;
    const { headGradient } = this.learner;
    divergenceHead(encoder, {
      objective,
      temperature,
      ...{ studentHidden: scoredHidden, studentHead: weights.embedding },
      ...{ teacherHidden: this.#teacher.scoredHidden, teacherHead: teacher.weights.embedding },
      ...{ target: batch.target, weight: this.#weight, metrics: this.#metrics, scratch: this.#scratch },
      advantage: this.#advantage,
      groups: { ...this.#groups, count: Math.ceil((batch.scoredStart.length - 1) / rolloutsPerQuery) },
      ...{ tokens: batch.scored, vocab: config.vocab, dim: config.dim },
      ...(learn && { dHidden: dScoredHidden }),
      ...(learn && headGradient && { dHead: headGradient }),
    });
  }

  #tokenMetrics(columns: ArrayBuffer): TokenMetrics {
    return { columns: new Float32Array(columns), start: this.#student.batch.scoredStart };
  }
}
