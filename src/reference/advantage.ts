/** Bounds and offset of the sampled-token reward; the defaults are those of the authors' code. */
export interface RewardOptions {
  readonly min?: number;
  readonly max?: number;
  readonly offset?: number;
}

/** r = clip(log q(y) − log p(y), min, max) + offset for each sampled token; p the student, q the teacher. */
export function sampledTokenReward(
  teacherLogProb: ArrayLike<number>,
  studentLogProb: ArrayLike<number>,
  { min = -3, max = 5, offset = 0.02 }: RewardOptions = {},
): Float64Array {
  return Float64Array.from(teacherLogProb, (logQ, t) => {
    const gap = logQ - studentLogProb[t]!;
    return Math.min(max, Math.max(min, gap)) + offset;
  });
}

/**
 * A_t = m_t (r_t − mean) / (std + eps), mean and std pooled over every valid token (mask 1) of all the rollouts of one query
 * (those with the same group id), eps = 1e-6. std is the sample deviation (n − 1), torch.std's default, as in the authors'
 * code; a group with a single valid token has deviation 0 and so advantage 0. reward, mask and group are [tokens].
 */
export function groupAdvantage(
  reward: ArrayLike<number>,
  mask: ArrayLike<number>,
  group: ArrayLike<number>,
  eps = 1e-6,
): Float64Array {
  const members = new Map<number, number[]>();
  for (let t = 0; t < reward.length; t++) {
    if (mask[t] === 0) continue;
    const tokens = members.get(group[t]!) ?? [];
    tokens.push(t);
    members.set(group[t]!, tokens);
  }
  const advantage = new Float64Array(reward.length);
  for (const tokens of members.values()) {
    const mean = tokens.reduce((sum, t) => sum + reward[t]!, 0) / tokens.length;
    const squares = tokens.reduce((sum, t) => sum + (reward[t]! - mean) ** 2, 0);
    const std = tokens.length > 1 ? Math.sqrt(squares / (tokens.length - 1)) : 0;
    for (const t of tokens) advantage[t] = (reward[t]! - mean) / (std + eps);
  }
  return advantage;
}
