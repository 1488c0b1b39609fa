import type { StepEncoder } from '../../gpu/encoder.ts';
import type { KernelSpec } from '../../gpu/kernel.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import { spread } from '../elementwise/launch.ts';
import rowSumCode from '../rows/row-sum.wgsl?raw';
import groupAdvantageCode from './group-advantage.wgsl?raw';

/** Ranges of tokens: the rollouts of one query lie end to end. Both tensors are u32 [count], `end` exclusive. */
export interface TokenGroups {
  readonly start: Tensor;
  readonly end: Tensor;
  readonly count: number;
}

/** r = clip(log q(y) − log p(y), min, max) + offset, in nats. The offset cancels in r − mean. */
export interface RewardShape {
  readonly min: number;
  readonly max: number;
  readonly offset: number;
}

/** Those of the authors of COPSD. */
const DEFAULT_REWARD: RewardShape = { min: -3, max: 5, offset: 0.02 };

export interface GroupAdvantageArgs {
  /** [tokens, METRIC_COLUMNS] with both log-probabilities; the loss column becomes −A log p(y). */
  readonly metrics: Tensor;
  /** [tokens]; a token is valid where its weight is not 0. */
  readonly weight: Tensor;
  readonly groups: TokenGroups;
  /** [tokens], overwritten inside the groups. */
  readonly advantage: Tensor;
  /** Defaults: those of the authors of COPSD, −3, 5 and 0.02. */
  readonly reward?: Partial<RewardShape>;
}

const uniforms = { groups: 'u32', rewardMin: 'f32', rewardMax: 'f32', rewardOffset: 'f32' } as const;

const groupAdvantageSpec: KernelSpec<typeof uniforms> = {
  name: 'group-advantage',
  code: `${rowSumCode}\n${groupAdvantageCode}`,
  storage: ['read_write', 'read', 'read', 'read', 'read_write'],
  uniforms,
};

/**
 * Dense advantage of on-policy self-distillation (COPSD, arXiv 2606.03089): A = (r − mean) / (std + 1e-6) with
 * r = clip(log q(y) − log p(y), min, max) + offset, mean and sample deviation (n − 1) pooled over every valid token of a group.
 * Tokens that are masked, or alone in their group, get 0. Two passes with a corrected mean, f32, in a fixed order.
 * @throws RangeError on a reward without room between its bounds.
 */
export function groupAdvantage(
  encoder: StepEncoder,
  { metrics, weight, groups, advantage, reward = {} }: GroupAdvantageArgs,
): void {
  const { min, max, offset } = checkReward(reward);
  const { rowLanes, rowsPerGroup } = encoder.gpu.tuning;
  const kernel = encoder.gpu.pipelines.kernel(groupAdvantageSpec, {
    ROW_LANES: rowLanes,
    ROWS_PER_GROUP: rowsPerGroup,
  });
  encoder.dispatch(kernel, {
    uniforms: { groups: groups.count, rewardMin: min, rewardMax: max, rewardOffset: offset },
    storage: [metrics, weight, groups.start, groups.end, advantage],
    workgroups: spread(Math.ceil(groups.count / rowsPerGroup)),
  });
}

/** @returns the reward with its defaults. @throws RangeError naming the bounds. */
function checkReward(reward: Partial<RewardShape> = {}): RewardShape {
  const { min, max, offset } = { ...DEFAULT_REWARD, ...reward };
  if (!(Number.isFinite(min) && Number.isFinite(max) && min < max))
    throw new RangeError(`reward bounds ${min} and ${max}: must be finite, the first below the second`);
  if (!Number.isFinite(offset)) throw new RangeError(`reward offset ${offset}: must be a finite number`);
  return { min, max, offset };
}
