import type { Rate } from '../record/clause-effects.ts';
import { wilsonInterval } from '../contract/interval.ts';

/** A share of `queries` with Wilson's 95 % interval. */
export function rateOf(hits: number, queries: number): Rate {
  const rate = hits / Math.max(1, queries);
  const [low, high] = wilsonInterval(rate, queries);
  return { rate, low, high, queries };
}
