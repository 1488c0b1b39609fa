import { logSumExp } from './softmax.ts';

/** Probability of a set of tokens and its log-odds, log(mass / (1 − mass)), of one row of logits. */
export interface TokenMass {
  readonly mass: number;
  readonly logOdds: number;
}

/**
 * mass = Σ_{v∈R} softmax(row)_v. The log-odds are LSE over R minus LSE over the rest, so that neither a mass near 0 nor one near 1
 * loses digits.
 * @param member 1 for tokens of R, else 0; both sides need a token
 */
export function tokenMass(row: ArrayLike<number>, member: ArrayLike<number>): TokenMass {
  const side = (inside: boolean): number[] => Array.from(row).filter((_, v) => (member[v] !== 0) === inside);
  const logOdds = logSumExp(side(true)) - logSumExp(side(false));
  return { mass: 1 / (1 + Math.exp(-logOdds)), logOdds };
}
