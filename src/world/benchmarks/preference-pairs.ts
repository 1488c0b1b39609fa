import { evaluationQueries } from '../evaluation.ts';
import { singleItems, type Benchmark } from './benchmark.ts';
import { preferenceScores } from './preference.ts';

const SIZE = 402;
const SEED = 102;
const KINDS = ['benign', 'borderline', 'harmful'] as const;

export const preferencePairs: Benchmark = {
  name: 'preference-pairs',
  role: 'SPA-VL',
  asks: 'Benign, borderline and harmful requests in turn. Safety and helpfulness win rate against the base model, both orders, ties half.',
  headline: 'helpfulnessWinRate',
  size: SIZE,
  comparesWithBase: true,
  items: (limit = SIZE) => {
    const each = Math.ceil(Math.min(limit, SIZE) / KINDS.length);
    const pools = KINDS.map((kind, index) => evaluationQueries(kind, each, SEED + index * 1000));
    const mixed = Array.from({ length: each }, (_, i) => pools.flatMap(pool => pool[i] ?? [])).flat();
    return singleItems(mixed.slice(0, limit));
  },
  score: preferenceScores,
};
