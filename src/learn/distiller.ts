import type { StepEncoder } from '../gpu/encoder.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { divergenceHead } from '../kernels/divergence/divergence-head.ts';
import { METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { headScratch, type HeadScratch } from '../kernels/divergence/head-chunks.ts';
import type { HeadReadout } from '../kernels/divergence/head-readout.ts';
import { readGradientNorm, type GradientNormResult } from '../kernels/gradient-norm/gradient-norm.ts';
import type { DenseLearning, MeasuredDivergence } from './dense-learning.ts';
import type { Learner } from './policy.ts';
import { PolicyGradient, type PolicyGradientLearning } from './policy-gradient.ts';
import { LearningPass, ScoredPass, type LearningOptions, type PassCapacity } from './scored-pass.ts';
import { ONE_TOKEN, sequences, type ScoredResponse } from './scored-response.ts';
import type { Scorer } from './teachers.ts';
import { TokenInspection, type InspectedTokens, type Inspection } from './token-inspection.ts';
import type { TokenMetrics } from './token-metrics.ts';
import { TokenWeights } from './token-weights.ts';

export interface UpdateResult {
  readonly metrics: TokenMetrics;
  readonly gradient: GradientNormResult;
}

/** Most responses and tokens that are scored at once, and which teachers need room. */
export interface DistillerLimits {
  readonly responses: number;
  readonly promptTokens: number;
  readonly teacherPromptTokens: number;
  readonly responseTokens: number;
  /** Room for the logits of an external teacher. */
  readonly external?: boolean;
  /** Room to read responses out token by token. */
  readonly inspected?: boolean;
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
  readonly #weights: TokenWeights;
  readonly #metrics: Tensor;
  readonly #scratch: HeadScratch;
  readonly #externalLogits: Tensor | undefined;
  readonly #policyGradient: PolicyGradient;
  readonly #inspection: TokenInspection | undefined;

  /** @param sharing by default activations are kept or computed again by their size, and teacher and student share nothing */
  constructor(
    gpu: Gpu,
    memory: Memory,
    learner: Learner,
    limits: DistillerLimits,
    sharing: LearningOptions = {},
  ) {
    const {
      responses,
      promptTokens,
      teacherPromptTokens,
      responseTokens,
      external = false,
      inspected = false,
    } = limits;
    const { config, lora } = learner.decoder;
    const scored = responses * responseTokens;
    const pass = (prompt: number): PassCapacity => ({ rows: responses * (prompt + responseTokens), scored });
    this.#gpu = gpu;
    this.learner = learner;
    this.capacity = responses;
    this.#student = new LearningPass(gpu, memory, learner, pass(promptTokens), sharing);
    this.#teacher = new ScoredPass(gpu, memory, config, {
      label: 'teacher',
      capacity: pass(Math.max(promptTokens, teacherPromptTokens)),
      lora,
      workspace: sharing.workspace,
    });
    this.#weights = new TokenWeights(gpu, memory, scored);
    this.#metrics = memory.tensor('token.metrics', scored * METRIC_COLUMNS);
    this.#scratch = headScratch(memory, {
      vocab: config.vocab,
      dim: config.dim,
      tokens: scored,
      teacher: true,
    });
    this.#externalLogits = external ? memory.tensor('teacher.logits', scored * config.vocab) : undefined;
    this.#policyGradient = new PolicyGradient(gpu, memory, learner, {
      responses,
      scored,
      student: this.#student,
      metrics: this.#metrics,
      weight: this.#weights.tensor,
      scratch: this.#scratch,
    });
    this.#inspection = inspected
      ? new TokenInspection(gpu, memory, { scored, vocab: config.vocab })
      : undefined;
  }

  /** Compiles every kernel that a step dispatches. */
  async prepare(teacher: Scorer, learning: DenseLearning | PolicyGradientLearning): Promise<void> {
    this.#load([ONE_TOKEN], 0);
    await this.#gpu.prepare(encoder => {
      this.#forward(encoder, teacher);
      if ('rolloutsPerQuery' in learning) {
        this.#head(encoder, teacher, MEASURE);
        this.#policyGradient.record(encoder, learning);
      } else this.#descend(encoder, teacher, learning);
    });
  }

  /** One optimiser step on the mean divergence over all response tokens: one submit, one readback. */
  async learn(
    teacher: Scorer,
    responses: readonly ScoredResponse[],
    learning: DenseLearning,
  ): Promise<UpdateResult> {
    this.#load(responses, learning.skipFirst ?? 0);
    await this.#askExternal(teacher, responses);
    const encoder = this.#gpu.encoder();
    this.#forward(encoder, teacher);
    this.#descend(encoder, teacher, learning);
    encoder.submit();
    return await this.#collect();
  }

  /**
   * Updates on sampled tokens: the teacher scores them once, then `updates` optimiser steps on the same rollouts
   * (`PolicyGradient`). Metrics of the teacher are those before the first update, the others those of the last.
   */
  async learnSampled(
    teacher: Scorer,
    responses: readonly ScoredResponse[],
    learning: PolicyGradientLearning,
  ): Promise<UpdateResult> {
    this.#load(responses, learning.skipFirst);
    await this.#askExternal(teacher, responses);
    const encoder = this.#gpu.encoder();
    this.#forward(encoder, teacher);
    this.#head(encoder, teacher, MEASURE);
    encoder.submit();
    await this.#policyGradient.run(learning);
    return await this.#collect();
  }

  /** The learner's divergence from the teacher on given responses, without a step. */
  async measure(teacher: Scorer, responses: readonly ScoredResponse[]): Promise<TokenMetrics> {
    this.#load(responses, 0);
    await this.#askExternal(teacher, responses);
    const encoder = this.#gpu.encoder();
    this.#forward(encoder, teacher);
    this.#head(encoder, teacher, MEASURE);
    encoder.submit();
    const metrics = await this.#gpu.readback.f32(this.#metrics, this.#student.batch.scored * METRIC_COLUMNS);
    return this.#tokenMetrics(metrics.buffer);
  }

  /**
   * Reads responses out token by token: what student, teacher and base would say next, and what the divergence does about it.
   * Takes no step. @throws RangeError when the limits say nothing of it.
   */
  async inspect(responses: readonly ScoredResponse[], by: Inspection): Promise<InspectedTokens> {
    this.#load(responses, by.measured.skipFirst ?? 0, 'each');
    await this.#askExternal(by.teacher, responses);
    const encoder = this.#gpu.encoder();
    const inspection = this.#recordInspection(encoder, by);
    encoder.submit();
    return await inspection.collect(this.#metrics, this.#student.batch.scoredStart);
  }

  /** Compiles every kernel that `inspect` dispatches. */
  async prepareInspection(by: Inspection): Promise<void> {
    this.#load([ONE_TOKEN], 0);
    await this.#gpu.prepare(encoder => this.#recordInspection(encoder, by));
  }

  #recordInspection(encoder: StepEncoder, { teacher, base, measured }: Inspection): TokenInspection {
    const inspection = this.#inspection;
    if (!inspection) throw new RangeError('the distiller has no room for inspections');
    // The base first: its hidden states and logits lie where the student's will.
    this.#student.forward(encoder, base);
    inspection.recordBase(encoder, this.#student, base, this.#scratch.studentLogits);
    this.#forward(encoder, teacher);
    this.#head(encoder, teacher, measured, inspection.readout);
    return inspection;
  }

  #load(responses: readonly ScoredResponse[], skipFirst: number, loss: 'mean' | 'each' = 'mean'): void {
    this.#student.load(sequences(responses, 'prompt'));
    this.#teacher.load(sequences(responses, 'teacherPrompt'));
    this.#weights.load(this.#student.batch.scoredStart, skipFirst, loss);
  }

  async #askExternal(teacher: Scorer, responses: readonly ScoredResponse[]): Promise<void> {
    if (teacher.kind !== 'external') return;
    if (!this.#externalLogits) throw new RangeError('the distiller has no room for an external teacher');
    await teacher.model.score(sequences(responses, 'teacherPrompt'), this.#externalLogits);
  }

  #forward(encoder: StepEncoder, teacher: Scorer): void {
    if (teacher.kind === 'decoder') this.#teacher.forward(encoder, teacher.decoder);
    this.#student.forward(encoder, this.learner.decoder);
  }

  #descend(encoder: StepEncoder, teacher: Scorer, learning: DenseLearning): void {
    this.learner.zeroGradients(encoder);
    this.#head(encoder, teacher, learning, 'learn');
    this.#student.backward(encoder, this.learner);
    this.learner.update(encoder, learning.optimizer);
  }

  #head(
    encoder: StepEncoder,
    teacher: Scorer,
    { objective, temperature, shaping }: MeasuredDivergence,
    then?: 'learn' | HeadReadout,
  ): void {
    const { batch, scoredHidden, dScoredHidden } = this.#student;
    const { headGradient } = this.learner;
    divergenceHead(encoder, {
      objective,
      temperature,
      ...(shaping && { shaping }),
      studentHidden: scoredHidden,
      studentHead: this.learner.decoder.weights.head,
      ...(teacher.kind === 'decoder'
        ? { teacherHidden: this.#teacher.scoredHidden, teacherHead: teacher.decoder.weights.head }
        : { teacherLogits: this.#externalLogits! }),
      target: batch.target,
      weight: this.#weights.tensor,
      metrics: this.#metrics,
      scratch: this.#scratch,
      tokens: batch.scored,
      ...(then === 'learn' ? { dHidden: dScoredHidden, ...(headGradient && { dHead: headGradient }) } : {}),
      ...(typeof then === 'object' && { readout: then }),
    });
  }

  async #collect(): Promise<UpdateResult> {
    const [metrics, norm] = await this.#gpu.readback.read([
      { tensor: this.#metrics, count: this.#student.batch.scored * METRIC_COLUMNS },
      { tensor: this.learner.norm },
    ]);
    return { metrics: this.#tokenMetrics(metrics!), gradient: readGradientNorm(new Uint32Array(norm!)) };
  }

  #tokenMetrics(columns: ArrayBuffer): TokenMetrics {
    return { columns: new Float32Array(columns), start: this.#student.batch.scoredStart };
  }
}

const MEASURE: MeasuredDivergence = { objective: { kind: 'reverse-kl' }, temperature: 1 };
