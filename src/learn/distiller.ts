import type { StepEncoder } from '../gpu/encoder.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { divergenceHead, type DivergenceHeadArgs } from '../kernels/divergence/divergence-head.ts';
import { METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { headScratch, type HeadScratch } from '../kernels/divergence/head-chunks.ts';
import type { HeadReadout } from '../kernels/divergence/head-readout.ts';
import type { Shaping } from '../kernels/divergence/objectives.ts';
import { readGradientNorm, type GradientNormResult } from '../kernels/gradient-norm/gradient-norm.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import type { Divergence } from '../settings/objectives.ts';
import type { Learner } from './policy.ts';
import { PolicyGradient } from './policy-gradient.ts';
import {
  LearningPass,
  ONE_TOKEN,
  ScoredPass,
  packed,
  type LearningOptions,
  type PassCapacity,
  type ScoredResponse,
} from './scored-pass.ts';
import type { Scorer } from './teachers.ts';
import { TokenInspection, type InspectedTokens, type Inspection } from './token-inspection.ts';
import { tokenWeights, type TokenMetrics } from './token-metrics.ts';

/** A divergence between student and teacher at every response token. */
export interface DivergenceLoss {
  readonly objective: Divergence;
  /** τ by which both models' logits are divided. */
  readonly temperature: number;
  readonly shaping?: Shaping;
  /** Response tokens at the beginning that take no part. */
  readonly skipFirst?: number;
}

/** What is measured where nothing is learnt. */
const PLAIN_REVERSE_KL: DivergenceLoss = { objective: { kind: 'reverse-kl' }, temperature: 1 };

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
 * The passes that a step is made of: `load` responses, then record forward of teacher and student, loss, and backward, each on the same
 * encoder. `train-step.ts` and `policy-gradient.ts` put them together. Buffers are allocated once for the limits and owned by `memory`.
 */
export class Distiller {
  readonly gpu: Gpu;
  readonly learner: Learner;
  /** Most responses that are scored at once. */
  readonly capacity: number;
  readonly policyGradient: PolicyGradient;
  /** [tokens, METRIC_COLUMNS], written by the losses. */
  readonly metrics: Tensor;
  /** Weight of each token in the loss. */
  readonly weight: Tensor;
  readonly #student: LearningPass;
  readonly #teacher: ScoredPass;
  readonly #scratch: HeadScratch;
  readonly #externalLogits: Tensor | undefined;
  readonly #inspection: TokenInspection | undefined;

  /** @param sharing by default activations are stored or recomputed by their size, and teacher and student share no workspace */
  constructor(
    gpu: Gpu,
    memory: Memory,
    learner: Learner,
    limits: DistillerLimits,
    sharing: LearningOptions = {},
  ) {
    const { responses, promptTokens, teacherPromptTokens, responseTokens } = limits;
    const { config, lora } = learner.decoder;
    const { vocab, dim } = config;
    const scored = responses * responseTokens;
    const pass = (prompt: number): PassCapacity => ({ rows: responses * (prompt + responseTokens), scored });
    this.gpu = gpu;
    this.learner = learner;
    this.capacity = responses;
    this.#student = new LearningPass(gpu, memory, learner, pass(promptTokens), sharing);
    this.#teacher = new ScoredPass(gpu, memory, config, {
      label: 'teacher',
      capacity: pass(Math.max(promptTokens, teacherPromptTokens)),
      lora,
      workspace: sharing.workspace,
    });
    this.weight = memory.tensor('token.weight', scored);
    this.metrics = memory.tensor('token.metrics', scored * METRIC_COLUMNS);
    this.#scratch = headScratch(memory, { vocab, dim, tokens: scored, teacher: true });
    this.#externalLogits = memory.within('logits', () =>
      limits.external ? memory.tensor('teacher.logits', scored * vocab) : undefined,
    );
    this.policyGradient = new PolicyGradient(memory, this, { responses, scored });
    this.#inspection = limits.inspected ? new TokenInspection(gpu, memory, { scored, vocab }) : undefined;
  }

  /** First token of each loaded response, and one past the last. */
  get start(): readonly number[] {
    return this.#student.batch.scoredStart;
  }

  /**
   * Uploads responses and the weights of their tokens, and has an external teacher score them.
   * @param loss `each` makes a token's gradient that of its own loss, not of its share in the mean
   */
  async load(
    teacher: Scorer,
    responses: readonly ScoredResponse[],
    skipFirst = 0,
    loss: 'mean' | 'each' = 'mean',
  ): Promise<void> {
    this.#upload(responses, skipFirst, loss);
    if (teacher.kind !== 'external') return;
    if (!this.#externalLogits) throw new RangeError('the distiller has no room for an external teacher');
    await teacher.model.score(packed(responses, 'teacherPrompt'), this.#externalLogits);
  }

  /** Compiles every kernel that `record` dispatches. */
  async prepare(record: (encoder: StepEncoder) => void): Promise<void> {
    this.#upload([ONE_TOKEN]);
    await this.gpu.prepare(record);
  }

  /** Hidden states of π_T(· | c(x), x, y_<t); an external teacher's logits are there since `load`. */
  teacherForward(encoder: StepEncoder, teacher: Scorer): void {
    if (teacher.kind === 'decoder') this.#teacher.forward(encoder, teacher.decoder);
  }

  /** Hidden states of π_S(· | x, y_<t), or of another decoder that sees what the student sees. */
  studentForward(encoder: StepEncoder, decoder = this.learner.decoder): void {
    this.#student.forward(encoder, decoder);
  }

  /** Divergence (KL(student ‖ teacher) by default) and metrics of every token; with `gradient` also that in hidden states and head. */
  divergence(
    encoder: StepEncoder,
    teacher: Scorer,
    { objective, temperature, shaping }: DivergenceLoss = PLAIN_REVERSE_KL,
    then?: 'gradient' | HeadReadout,
  ): void {
    divergenceHead(encoder, {
      ...this.head(this.learner.decoder),
      objective,
      temperature,
      ...(shaping && { shaping }),
      ...(teacher.kind === 'decoder'
        ? { teacherHidden: this.#teacher.scoredHidden, teacherHead: teacher.decoder.weights.head }
        : { teacherLogits: this.#externalLogits! }),
      ...(then === 'gradient' && this.gradients),
      ...(typeof then === 'object' && { readout: then }),
    });
  }

  /** What the head reads after `studentForward` with this decoder, and where it writes metrics. */
  head({ weights }: Decoder): Omit<DivergenceHeadArgs, 'objective'> {
    const { batch, scoredHidden } = this.#student;
    return {
      studentHidden: scoredHidden,
      studentHead: weights.head,
      target: batch.target,
      weight: this.weight,
      metrics: this.metrics,
      scratch: this.#scratch,
      tokens: batch.scored,
    };
  }

  /** Where the head writes its gradients; those of the learner must be zeroed before. */
  get gradients(): Pick<DivergenceHeadArgs, 'dHidden' | 'dHead'> {
    const { headGradient } = this.learner;
    return { dHidden: this.#student.dScoredHidden, ...(headGradient && { dHead: headGradient }) };
  }

  /** From the gradient of the hidden states to that of every weight. */
  backward(encoder: StepEncoder): void {
    this.#student.backward(encoder, this.learner);
  }

  /** Reads back what a step has left. */
  async result(): Promise<UpdateResult> {
    const [metrics, norm] = await this.gpu.readback.read([
      { tensor: this.metrics, count: this.#student.batch.scored * METRIC_COLUMNS },
      { tensor: this.learner.norm },
    ]);
    return { metrics: this.#tokenMetrics(metrics!), gradient: readGradientNorm(new Uint32Array(norm!)) };
  }

  /** The learner's divergence from the teacher on given responses, without a step. */
  async measure(teacher: Scorer, responses: readonly ScoredResponse[]): Promise<TokenMetrics> {
    await this.load(teacher, responses);
    const encoder = this.gpu.encoder();
    this.teacherForward(encoder, teacher);
    this.studentForward(encoder);
    this.divergence(encoder, teacher);
    encoder.submit();
    const metrics = await this.gpu.readback.f32(this.metrics, this.#student.batch.scored * METRIC_COLUMNS);
    return this.#tokenMetrics(metrics.buffer);
  }

  /**
   * Reads responses out token by token: what student, teacher and base would say next, and what the divergence does about it.
   * Takes no step. @throws RangeError when the limits say nothing of it.
   */
  async inspect(responses: readonly ScoredResponse[], by: Inspection): Promise<InspectedTokens> {
    await this.load(by.teacher, responses, by.loss.skipFirst, 'each');
    const encoder = this.gpu.encoder();
    const inspection = this.#recordInspection(encoder, by);
    encoder.submit();
    return await inspection.collect(this.metrics, this.start);
  }

  /** Compiles every kernel that `inspect` dispatches. */
  async prepareInspection(by: Inspection): Promise<void> {
    await this.prepare(encoder => this.#recordInspection(encoder, by));
  }

  #recordInspection(encoder: StepEncoder, { teacher, base, loss }: Inspection): TokenInspection {
    const inspection = this.#inspection;
    if (!inspection) throw new RangeError('the distiller has no room for inspections');
    // The base first: the student's pass overwrites its hidden states and logits.
    this.studentForward(encoder, base);
    inspection.recordBase(encoder, this.#student, base, this.#scratch.studentLogits);
    this.teacherForward(encoder, teacher);
    this.studentForward(encoder);
    this.divergence(encoder, teacher, loss, inspection.readout);
    return inspection;
  }

  #upload(responses: readonly ScoredResponse[], skipFirst = 0, loss: 'mean' | 'each' = 'mean'): void {
    this.#student.load(packed(responses, 'prompt'));
    this.#teacher.load(packed(responses, 'teacherPrompt'));
    this.gpu.write(this.weight, tokenWeights(this.start, skipFirst, loss));
  }

  #tokenMetrics(columns: ArrayBuffer): TokenMetrics {
    return { columns: new Float32Array(columns), start: this.start };
  }
}
