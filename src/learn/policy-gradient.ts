import type { StepEncoder } from '../gpu/encoder.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { divergenceHead } from '../kernels/divergence/divergence-head.ts';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { groupAdvantage } from '../kernels/divergence/group-advantage.ts';
import type { Distiller, UpdateResult } from './distiller.ts';
import { outcomeAdvantages } from './outcome-advantage.ts';
import type { FrozenModel, OptimizerStep } from './policy.ts';
import type { ScoredResponse } from './scored-pass.ts';
import type { Scorer } from './teachers.ts';

/** How sampled tokens are learnt from. */
export interface PolicyGradientLearning {
  /** Consecutive responses that share a query: the pool of an advantage. */
  readonly rolloutsPerQuery: number;
  /** Outcome reward of each response; null where its tokens take the teacher's dense one. */
  readonly rewards: readonly (number | null)[];
  /** log π_old(y) of every response token in order, of the policy that sampled. */
  readonly oldLogProbs: Float32Array<ArrayBuffer>;
  /** ε of PPO; 0 does not clip. */
  readonly clipRatio: number;
  /** Weight of the k3 estimate of KL(π_S ‖ base), and the base; no term with weight 0. */
  readonly anchor: { readonly weight: number; readonly base: FrozenModel };
  readonly updates: number;
  readonly skipFirst: number;
  readonly optimizer: OptimizerStep;
}

/**
 * PPO's clipped policy gradient (Schulman et al. 2017) on one advantage a token, plus the k3 anchor:
 * L = mean_t [ −min(ρ A, clip(ρ, 1−ε, 1+ε) A) + κ (e^d − d − 1) ], ρ = π_S(y)/π_old(y), d = log π_base(y) − log π_S(y).
 * A of a response with a reward is that reward relative to its query's other answers; of the others, the teacher's dense
 * advantage pooled over the query's tokens (COPSD). Own buffers belong to `memory`.
 */
export class PolicyGradient {
  readonly #distiller: Distiller;
  readonly #advantage: Tensor;
  readonly #old: Tensor;
  readonly #reference: Tensor;
  readonly #groups: { readonly start: Tensor; readonly end: Tensor };

  constructor(
    memory: Memory,
    distiller: Distiller,
    { responses, scored }: { readonly responses: number; readonly scored: number },
  ) {
    this.#distiller = distiller;
    this.#advantage = memory.tensor('token.advantage', scored);
    this.#old = memory.tensor('token.oldLogProb', scored);
    this.#reference = memory.tensor('token.referenceLogProb', scored);
    this.#groups = {
      start: memory.tensor('group.start', responses, 'u32'),
      end: memory.tensor('group.end', responses, 'u32'),
    };
  }

  /**
   * The teacher scores the responses once; then `updates` optimiser steps on the same rollouts. Metrics of the teacher are those
   * before the first update, the others those of the last.
   */
  async step(
    teacher: Scorer,
    responses: readonly ScoredResponse[],
    learning: PolicyGradientLearning,
  ): Promise<UpdateResult> {
    const distiller = this.#distiller;
    const { gpu } = distiller;
    await distiller.load(teacher, responses, learning.skipFirst);
    const scoring = gpu.encoder();
    this.#score(scoring, teacher);
    scoring.submit();

    const groups = this.#loadGroups(learning);
    gpu.write(this.#old, learning.oldLogProbs);
    gpu.write(this.#advantage, outcomeAdvantages(learning, distiller.start));
    const advantages = gpu.encoder();
    if (groups > 0) this.#denseAdvantage(advantages, groups);
    advantages.submit();
    if (learning.anchor.weight > 0) await this.#measureReference(learning.anchor.base);

    for (let update = 0; update < learning.updates; update++) {
      const encoder = gpu.encoder();
      if (update > 0) distiller.studentForward(encoder);
      this.#update(encoder, learning);
      encoder.submit();
    }
    return await distiller.result();
  }

  /** Every kernel that `step` dispatches. */
  record(encoder: StepEncoder, teacher: Scorer, learning: PolicyGradientLearning): void {
    this.#score(encoder, teacher);
    this.#denseAdvantage(encoder, 1);
    this.#recordReference(encoder, learning.anchor.base);
    this.#update(encoder, learning);
  }

  /** log q(y_t) and log p(y_t), before anything is learnt. */
  #score(encoder: StepEncoder, teacher: Scorer): void {
    const distiller = this.#distiller;
    distiller.teacherForward(encoder, teacher);
    distiller.studentForward(encoder);
    distiller.divergence(encoder, teacher);
  }

  /** Needs the metrics of teacher and student. */
  #denseAdvantage(encoder: StepEncoder, count: number): void {
    const { metrics, weight } = this.#distiller;
    groupAdvantage(encoder, {
      metrics,
      weight,
      advantage: this.#advantage,
      groups: { ...this.#groups, count },
    });
  }

  /** Loss, backward, clip, AdamW. */
  #update(encoder: StepEncoder, { clipRatio, anchor, optimizer }: PolicyGradientLearning): void {
    const distiller = this.#distiller;
    const { learner } = distiller;
    learner.zeroGradients(encoder);
    divergenceHead(encoder, {
      ...distiller.head(learner.decoder),
      objective: { kind: 'policy-gradient' },
      advantage: this.#advantage,
      policy: {
        proximal: { clipRatio, oldLogProb: this.#old },
        ...(anchor.weight > 0 && { anchor: { weight: anchor.weight, referenceLogProb: this.#reference } }),
      },
      ...distiller.gradients,
    });
    distiller.backward(encoder);
    learner.clip(encoder, optimizer.clipNorm);
    learner.adamw(encoder, optimizer);
  }

  /** Token ranges of the queries whose tokens take the dense advantage; returns how many there are. */
  #loadGroups({ rolloutsPerQuery, rewards }: PolicyGradientLearning): number {
    const { gpu, start } = this.#distiller;
    const starts: number[] = [];
    const ends: number[] = [];
    for (let first = 0; first < rewards.length; first += rolloutsPerQuery) {
      if (rewards[first] !== null) continue;
      starts.push(start[first]!);
      ends.push(start[Math.min(first + rolloutsPerQuery, rewards.length)]!);
    }
    if (starts.length === 0) return 0;
    gpu.write(this.#groups.start, Uint32Array.from(starts));
    gpu.write(this.#groups.end, Uint32Array.from(ends));
    return starts.length;
  }

  /** log π_base(y) under the student's context. Metrics and the student's activations are put back. */
  async #measureReference(base: FrozenModel): Promise<void> {
    const distiller = this.#distiller;
    const { gpu, metrics, start } = distiller;
    const scored = start.at(-1)!;
    const before = await gpu.readback.f32(metrics, scored * METRIC_COLUMNS);
    const encoder = gpu.encoder();
    this.#recordReference(encoder, base);
    encoder.submit();
    const columns = await gpu.readback.f32(metrics, scored * METRIC_COLUMNS);
    const logProbs = Float32Array.from(
      { length: scored },
      (_, token) => columns[token * METRIC_COLUMNS + METRIC.studentLogProb]!,
    );
    gpu.write(this.#reference, logProbs);
    gpu.write(metrics, before);
    const again = gpu.encoder();
    distiller.studentForward(again);
    again.submit();
  }

  #recordReference(encoder: StepEncoder, { decoder }: FrozenModel): void {
    this.#distiller.studentForward(encoder, decoder);
    divergenceHead(encoder, { ...this.#distiller.head(decoder), objective: { kind: 'cross-entropy' } });
  }
}
