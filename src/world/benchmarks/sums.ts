import type { Benchmark } from './benchmark.ts';
import { exactScores, questionItems } from './exact-match.ts';

/** 24 sums in 18 wordings: the interval is over the items, and narrower than one over the sums themselves. */
const SIZE = 432;
const SEED = 108;

export const sums: Benchmark = {
  name: 'sums',
  role: 'MathVista',
  asks: 'Sums of three numbers that never occur in training, in any wording. The final answer must be exact.',
  headline: 'accuracy',
  size: SIZE,
  comparesWithBase: false,
  items: (limit = SIZE) => questionItems(['sum3'], Math.min(limit, SIZE), SEED),
  score: exactScores,
};
