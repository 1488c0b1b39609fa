import type { Rate } from '../record/clause-effects.ts';
import { rateOf } from './rate.ts';

/** How often the first of two values is larger. */
export interface WinRate extends Rate {
  readonly wins: number;
  readonly ties: number;
  readonly losses: number;
}

/**
 * Win rate against a base: (wins + ties / 2) / pairs, of pairs [own value, base's value] of the same query. Exact values need no second
 * order of presentation. Wilson's interval treats the rate as a share; ties only narrow the true spread, so it is never too narrow.
 */
export function winRate(pairs: readonly (readonly [own: number, base: number])[]): WinRate {
  const wins = pairs.filter(([own, base]) => own > base).length;
  const losses = pairs.filter(([own, base]) => own < base).length;
  const ties = pairs.length - wins - losses;
  return { ...rateOf(wins + ties / 2, pairs.length), wins, ties, losses };
}
