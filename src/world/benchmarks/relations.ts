import type { Benchmark } from './benchmark.ts';
import { exactScores, questionItems } from './exact-match.ts';

/** Few questions about days are held out; comparisons of colours fill the rest. */
const SIZE = 400;
const SEED = 111;

export const relations: Benchmark = {
  name: 'relations',
  role: 'GQA',
  asks: 'Days before and after, one or two steps away, and whether two things share a colour. The final answer must be exact.',
  headline: 'accuracy',
  size: SIZE,
  comparesWithBase: false,
  items: (limit = SIZE) => {
    const size = Math.min(limit, SIZE);
    const days = questionItems(['day'], Math.ceil(size / 4), SEED);
    return [...days, ...questionItems(['same'], size - days.length, SEED + 1)];
  },
  score: exactScores,
};
