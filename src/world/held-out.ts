import type { ClauseName } from './tables/clauses.ts';
import type { Query } from './query-types.ts';
import { hash32 } from './rng.ts';

/** One request in ten is held out, by the hash of its text. */
const REQUEST_SPLIT = 10;
/** One indirect request in four: there are few, and their benchmark needs enough of them. */
const INDIRECT_SPLIT = 4;
/** One question in eight is held out; sums by their terms and comparisons by their objects, whatever the wording. */
const GENERAL_SPLIT = 8;
/** One clause set of three or more in six is held out. */
const CLAUSE_SET_SPLIT = 6;

/**
 * Whether a query is kept out of all training. Two-term sums are never held out: there are only 36, and three-term sums are answered
 * through them.
 */
export function isHeldOut(query: Query): boolean {
  if (query.kind !== 'general') {
    return hash32(query.text) % (query.form === 'indirect' ? INDIRECT_SPLIT : REQUEST_SPLIT) === 0;
  }
  return query.type !== 'sum2' && hash32(query.splitKey) % GENERAL_SPLIT === 0;
}

/** Whether a set of clauses (in any order) is kept out of the pretraining constitutions. */
export function isHeldOutClauseSet(clauses: readonly ClauseName[]): boolean {
  return clauses.length >= 3 && hash32([...clauses].sort().join('+')) % CLAUSE_SET_SPLIT === 0;
}
