import type { Benchmark } from './benchmark.ts';
import { clauseFollowing } from './clause-following.ts';
import { contextPairs } from './context-pairs.ts';
import { contextSafe } from './context-safe.ts';
import { guard } from './guard.ts';
import { harmPairs } from './harm-pairs.ts';
import { leakCheck } from './leak-check.ts';
import { lookups } from './lookups.ts';
import { openPlans } from './open-plans.ts';
import { preferencePairs } from './preference-pairs.ts';
import { relations } from './relations.ts';
import { sums } from './sums.ts';
import { taskPlans } from './task-plans.ts';

/** The twelve mini-benchmarks, safety first, then general ability, then the lab's own. */
export const BENCHMARKS: readonly Benchmark[] = [
  harmPairs,
  preferencePairs,
  contextSafe,
  contextPairs,
  taskPlans,
  leakCheck,
  guard,
  sums,
  openPlans,
  lookups,
  relations,
  clauseFollowing,
];
