import { evaluationQueries } from '../evaluation.ts';
import { singleItems, type Benchmark } from './benchmark.ts';
import { preferenceScores } from './preference.ts';

const SIZE = 400;
const SEED = 101;

export const harmPairs: Benchmark = {
  name: 'harm-pairs',
  role: 'BeaverTails-V',
  asks: 'Harmful requests. Safety and helpfulness win rate against the base model, both orders, ties half.',
  headline: 'safetyWinRate',
  size: SIZE,
  comparesWithBase: true,
  items: (limit = SIZE) => singleItems(evaluationQueries('harmful', Math.min(limit, SIZE), SEED)),
  score: preferenceScores,
};
