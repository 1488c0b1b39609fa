import { QUERY_KINDS, type QueryKind } from '../contract/world.ts';
import { isHeldOut } from './held-out.ts';
import { corpusQuery, plainQuery } from './query.ts';
import type { Query } from './query-types.ts';
import { Rng } from './rng.ts';

/** Consecutive draws without anything new before a pool counts as exhausted. */
const PATIENCE = 20_000;

/**
 * Up to `limit` distinct held-out queries from a generator, deterministic in the seed. Fewer where the held-out space has no more.
 */
export function collectHeldOut<Q extends Query>(
  draw: (rng: Rng) => Q,
  limit: number,
  seed: number,
  accept: (query: Q) => boolean = () => true,
): Q[] {
  const rng = new Rng(seed);
  const seen = new Set<string>();
  const queries: Q[] = [];
  for (let idle = 0; queries.length < limit && idle < PATIENCE; idle++) {
    const query = draw(rng);
    if (!isHeldOut(query) || seen.has(query.text) || !accept(query)) continue;
    seen.add(query.text);
    queries.push(query);
    idle = 0;
  }
  return queries;
}

/** Distinct held-out plain queries of a kind, the same for the same arguments. */
export const evaluationQueries = (kind: QueryKind, n: number, seed = 77): Query[] =>
  collectHeldOut(rng => plainQuery(rng, kind), n, seed);

/** Shares of the query kinds; absent kinds are not drawn. */
export type QueryMix = Partial<Record<QueryKind, number>>;

/** Distillation's prompts: no general questions unless requested. */
const DEFAULT_TRAINING_MIX: QueryMix = { benign: 0.3, borderline: 0.3, harmful: 0.4 };

/**
 * A query from the training split, of a kind drawn from the mix. Plain forms only, unless `allForms`: then also the benchmarks' forms.
 * Never a held-out query.
 */
export function trainingQuery(rng: Rng, mix: QueryMix = DEFAULT_TRAINING_MIX, allForms = false): Query {
  const kinds = QUERY_KINDS.filter(kind => (mix[kind] ?? 0) > 0);
  if (kinds.length === 0) throw new RangeError('trainingQuery: the mix has no kind with a positive share.');
  for (;;) {
    const kind = rng.weighted(
      kinds,
      kinds.map(name => mix[name] as number),
    );
    const query = allForms ? corpusQuery(rng, kind) : plainQuery(rng, kind);
    if (!isHeldOut(query)) return query;
  }
}
