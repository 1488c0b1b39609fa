import { collectHeldOut } from '../evaluation.ts';
import { judge } from '../judge.ts';
import { generalQuery } from '../query-general.ts';
import type { GeneralType } from '../query-types.ts';
import { promptAt, singleItems, type BenchmarkItem, type ItemScores } from './benchmark.ts';

/** Held-out questions of the given types, in turn, until `limit` or until none are left. */
export function questionItems(types: readonly GeneralType[], limit: number, seed: number): BenchmarkItem[] {
  const each = Math.ceil(limit / types.length);
  const pools = types.map((type, index) =>
    collectHeldOut(rng => generalQuery(rng, type), each, seed + index),
  );
  const longest = Math.max(...pools.map(pool => pool.length));
  const mixed = Array.from({ length: longest }, (_, i) => pools.flatMap(pool => pool[i] ?? [])).flat();
  return singleItems(mixed.slice(0, limit));
}

/** 1 where the final answer is right, together and by question type. */
export function exactScores(item: BenchmarkItem, answers: readonly string[]): ItemScores {
  const { query } = promptAt(item);
  const score = judge(query, answers[0] ?? '').label === 'correct' ? 1 : 0;
  return query.kind === 'general' ? { accuracy: score, [query.type]: score } : { accuracy: score };
}
