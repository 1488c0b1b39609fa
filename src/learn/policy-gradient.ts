import type { StepEncoder } from '../gpu/encoder.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { Memory } from '../gpu/memory.ts';
import type { Tensor } from '../gpu/tensor.ts';
import { divergenceHead } from '../kernels/divergence/divergence-head.ts';
import { METRIC, METRIC_COLUMNS } from '../kernels/divergence/divergence-rows.ts';
import { groupAdvantage } from '../kernels/divergence/group-advantage.ts';
import type { HeadScratch } from '../kernels/divergence/head-chunks.ts';
import type { Decoder } from '../model/decoder-forward.ts';
import { outcomeAdvantages } from './outcome-advantage.ts';
import type { FrozenModel, Learner, OptimizerStep } from './policy.ts';
import type { LearningPass } from './scored-pass.ts';

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

/** What it shares with the distiller, whose buffers these are. */
interface Shared {
  readonly responses: number;
  readonly scored: number;
  readonly student: LearningPass;
  readonly metrics: Tensor;
  readonly weight: Tensor;
  readonly scratch: HeadScratch;
}

/**
 * PPO's clipped policy gradient (Schulman et al. 2017) on one advantage a token, plus the k3 anchor:
 * L = mean_t [ −min(ρ A, clip(ρ, 1−ε, 1+ε) A) + κ (e^d − d − 1) ], ρ = π_S(y)/π_old(y), d = log π_base(y) − log π_S(y).
 * A of a response with a reward is that reward relative to its query's other answers; of the others, the teacher's dense
 * advantage pooled over the query's tokens (COPSD). Own buffers belong to `memory`.
 */
export class PolicyGradient {
  readonly #gpu: Gpu;
  readonly #learner: Learner;
  readonly #shared: Shared;
  readonly #advantage: Tensor;
  readonly #old: Tensor;
  readonly #reference: Tensor;
  readonly #groups: { readonly start: Tensor; readonly end: Tensor };

  constructor(gpu: Gpu, memory: Memory, learner: Learner, shared: Shared) {
    this.#gpu = gpu;
    this.#learner = learner;
    this.#shared = shared;
    this.#advantage = memory.tensor('token.advantage', shared.scored);
    this.#old = memory.tensor('token.oldLogProb', shared.scored);
    this.#reference = memory.tensor('token.referenceLogProb', shared.scored);
    this.#groups = {
      start: memory.tensor('group.start', shared.responses, 'u32'),
      end: memory.tensor('group.end', shared.responses, 'u32'),
    };
  }

  /** All updates. Needs the metrics of teacher and student on the loaded responses, and overwrites the student's columns. */
  async run(learning: PolicyGradientLearning): Promise<void> {
    const { scoredStart } = this.#shared.student.batch;
    const groups = this.#loadGroups(learning);
    this.#gpu.write(this.#old, learning.oldLogProbs);
    this.#gpu.write(this.#advantage, outcomeAdvantages(learning, scoredStart));
    const encoder = this.#gpu.encoder();
    if (groups > 0) this.#denseAdvantage(encoder, groups);
    encoder.submit();
    if (learning.anchor.weight > 0) await this.#measureReference(learning.anchor.base);
    for (let update = 0; update < learning.updates; update++) {
      const step = this.#gpu.encoder();
      if (update > 0) this.#shared.student.forward(step, this.#learner.decoder);
      this.#update(step, learning);
      step.submit();
    }
  }

  /** Every kernel that `run` dispatches besides those of the forward passes. */
  record(encoder: StepEncoder, learning: PolicyGradientLearning): void {
    this.#denseAdvantage(encoder, 1);
    this.#recordReference(encoder, learning.anchor.base);
    this.#update(encoder, learning);
  }

  #denseAdvantage(encoder: StepEncoder, count: number): void {
    const { metrics, weight } = this.#shared;
    groupAdvantage(encoder, {
      metrics,
      weight,
      advantage: this.#advantage,
      groups: { ...this.#groups, count },
    });
  }

  /** Token ranges of the queries whose tokens take the dense advantage; returns how many there are. */
  #loadGroups({ rolloutsPerQuery, rewards }: PolicyGradientLearning): number {
    const { scoredStart } = this.#shared.student.batch;
    const starts: number[] = [];
    const ends: number[] = [];
    for (let first = 0; first < rewards.length; first += rolloutsPerQuery) {
      if (rewards[first] !== null) continue;
      starts.push(scoredStart[first]!);
      ends.push(scoredStart[Math.min(first + rolloutsPerQuery, rewards.length)]!);
    }
    if (starts.length === 0) return 0;
    this.#gpu.write(this.#groups.start, Uint32Array.from(starts));
    this.#gpu.write(this.#groups.end, Uint32Array.from(ends));
    return starts.length;
  }

  /** log π_base(y) under the student's context. The student's activations and metrics are restored by a forward pass. */
  async #measureReference(base: FrozenModel): Promise<void> {
    const { metrics, student } = this.#shared;
    const { scored } = student.batch;
    const before = await this.#gpu.readback.f32(metrics, scored * METRIC_COLUMNS);
    const encoder = this.#gpu.encoder();
    this.#recordReference(encoder, base);
    encoder.submit();
    const columns = await this.#gpu.readback.f32(metrics, scored * METRIC_COLUMNS);
    const logProbs = Float32Array.from(
      { length: scored },
      (_, token) => columns[token * METRIC_COLUMNS + METRIC.studentLogProb]!,
    );
    this.#gpu.write(this.#reference, logProbs);
    this.#gpu.write(metrics, before);
    const again = this.#gpu.encoder();
    student.forward(again, this.#learner.decoder);
    again.submit();
  }

  #recordReference(encoder: StepEncoder, base: FrozenModel): void {
    this.#shared.student.forward(encoder, base.decoder);
    divergenceHead(encoder, {
      ...this.#headOf(base.decoder),
      objective: { kind: 'cross-entropy' },
    });
  }

  #update(encoder: StepEncoder, { clipRatio, anchor, optimizer }: PolicyGradientLearning): void {
    const learner = this.#learner;
    const { student } = this.#shared;
    learner.zeroGradients(encoder);
    divergenceHead(encoder, {
      ...this.#headOf(learner.decoder),
      objective: { kind: 'policy-gradient' },
      advantage: this.#advantage,
      policy: {
        proximal: { clipRatio, oldLogProb: this.#old },
        ...(anchor.weight > 0 && { anchor: { weight: anchor.weight, referenceLogProb: this.#reference } }),
      },
      dHidden: student.dScoredHidden,
      ...(learner.headGradient && { dHead: learner.headGradient }),
    });
    student.backward(encoder, learner);
    learner.update(encoder, optimizer);
  }

  #headOf({ weights }: Decoder) {
    const { student, metrics, weight, scratch } = this.#shared;
    const { batch, scoredHidden } = student;
    return {
      studentHidden: scoredHidden,
      studentHead: weights.head,
      target: batch.target,
      weight,
      metrics,
      scratch,
      tokens: batch.scored,
    };
  }
}
