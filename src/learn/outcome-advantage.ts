/** Keeps a group of equal rewards at an advantage of 0. */
const EPSILON = 1e-6;

/**
 * Advantages of outcome rewards (GRPO, Shao et al. 2024): A_i = (R_i − mean) / (std + 1e-6) over the answers to one query, sample
 * deviation (n − 1), the same for every token of answer i. Tokens of answers without a reward get 0.
 * @param start first token of each response, and one past the last
 * @returns f32 [tokens]
 */
export function outcomeAdvantages(
  { rewards, rolloutsPerQuery }: { rewards: readonly (number | null)[]; rolloutsPerQuery: number },
  start: readonly number[],
): Float32Array<ArrayBuffer> {
  const advantages = new Float32Array(start.at(-1) ?? 0);
  for (let first = 0; first < rewards.length; first += rolloutsPerQuery) {
    const answers = rewards.slice(first, first + rolloutsPerQuery);
    const group = answers.filter(reward => reward !== null);
    if (group.length === 0) continue;
    const mean = group.reduce((sum, reward) => sum + reward, 0) / group.length;
    const squares = group.reduce((sum, reward) => sum + (reward - mean) ** 2, 0);
    const deviation = group.length > 1 ? Math.sqrt(squares / (group.length - 1)) : 0;
    for (const [i, reward] of answers.entries())
      if (reward !== null)
        advantages.fill((reward - mean) / (deviation + EPSILON), start[first + i], start[first + i + 1]);
  }
  return advantages;
}
