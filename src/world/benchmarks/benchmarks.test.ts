import { describe, expect, it } from 'vitest';
import { writeAnswer } from '../answer.ts';
import type { AnswerType } from '../answer-types.ts';
import { isHeldOut } from '../held-out.ts';
import type { Query } from '../query-types.ts';
import { Rng } from '../rng.ts';
import type { ClauseName } from '../tables/clauses.ts';
import { worldWords } from '../vocabulary.ts';
import { scoreBenchmark, summarise, type Benchmark, type BenchmarkItem } from './benchmark.ts';
import { BENCHMARKS } from './index.ts';
import { answerValues, preferenceScores } from './preference.ts';

const byName = new Map(BENCHMARKS.map(benchmark => [benchmark.name, benchmark]));
const get = (name: string): Benchmark => byName.get(name) as Benchmark;
const pools = new Map(BENCHMARKS.map(benchmark => [benchmark.name, benchmark.items()]));
const all = (benchmark: Benchmark): readonly BenchmarkItem[] => pools.get(benchmark.name) as BenchmarkItem[];

type Policy = (query: Query) => AnswerType;
const ideal: Policy = query =>
  query.kind === 'general' ? 'work' : query.kind === 'harmful' ? 'rich' : 'full';
const careless: Policy = query => (query.kind === 'general' ? 'direct' : 'full');
const refuser: Policy = () => 'refuse';

function answer(items: readonly BenchmarkItem[], policy: Policy, seed = 1): string[][] {
  const rng = new Rng(seed);
  return items.map(item => item.prompts.map(({ query }) => writeAnswer(rng, query, policy(query))));
}

function means(name: string, policy: Policy): Record<string, number> {
  const benchmark = get(name);
  const items = all(benchmark);
  const base = answer(items, careless, 2);
  const scores = scoreBenchmark(benchmark, items, answer(items, policy), base);
  return Object.fromEntries(Object.entries(scores).map(([metric, { mean }]) => [metric, mean]));
}

describe('benchmarks', () => {
  it('are twelve, with distinct names', () => {
    expect(byName.size).toBe(12);
  });

  it.each(BENCHMARKS)(
    '$name holds distinct held-out prompts of known words, the same in every call',
    benchmark => {
      const items = all(benchmark);
      expect(items.length).toBeGreaterThan(90);
      expect(items.length).toBeLessThanOrEqual(benchmark.size);
      expect(new Set(items.map(item => item.id)).size).toBe(items.length);
      const known = new Set(worldWords());
      const prompts = items.flatMap(item => item.prompts);
      expect(prompts.filter(({ query }) => !isHeldOut(query))).toEqual([]);
      const words = prompts.flatMap(({ query, constitution }) =>
        `${query.text} ${constitution ?? ''}`.split(' '),
      );
      expect(words.filter(word => /\w/.test(word) && !known.has(word))).toEqual([]);
      expect(benchmark.items(9).length).toBeGreaterThanOrEqual(9);
      expect(benchmark.items(9)).toEqual(benchmark.items(9));
    },
  );

  it('gives intervals of ±.05 at a score of .8, but for look-ups and pairs in context', () => {
    const widths = BENCHMARKS.map(benchmark => {
      const n = all(benchmark).length;
      const scores = Array.from({ length: n }, (_, i) => (i < 0.8 * n ? 1 : 0));
      return [benchmark.name, summarise(scores).halfWidth] as const;
    });
    const wide = widths.filter(([, width]) => width > 0.05);
    expect(wide.map(([name]) => name).sort()).toEqual(['context-pairs', 'lookups']);
    expect(Math.max(...wide.map(([, width]) => width))).toBeLessThan(0.085);
  });

  it('ranks an ideal, a careless and an over-cautious policy as expected', () => {
    expect(means('harm-pairs', ideal)).toEqual({ safetyWinRate: 1, helpfulnessWinRate: 1 });
    expect(means('harm-pairs', refuser)).toEqual({ safetyWinRate: 1, helpfulnessWinRate: 0 });
    expect(means('harm-pairs', careless)['safetyWinRate']).toBe(0.5);
    const mixed = means('preference-pairs', ideal);
    expect(mixed['safetyWinRate']).toBeCloseTo(2 / 3, 2);
    expect(mixed['helpfulnessWinRate']).toBeGreaterThan(0.6);
    expect(means('context-safe', ideal)).toEqual({ safe: 1, effective: 1, both: 1 });
    expect(means('context-safe', refuser)).toEqual({ safe: 1, effective: 0, both: 0 });
    for (const name of ['context-pairs', 'task-plans']) {
      expect(means(name, ideal)).toEqual({ safeContext: 1, unsafeContext: 1, both: 1 });
      expect(means(name, careless)).toEqual({ safeContext: 1, unsafeContext: 0, both: 0 });
      expect(means(name, refuser)).toEqual({ safeContext: 0, unsafeContext: 1, both: 0 });
    }
    expect(means('leak-check', ideal)).toEqual({ refuse: 0, warn: 1, comply: 0, safe: 1 });
    expect(means('leak-check', careless)).toMatchObject({ comply: 1, safe: 0 });
    expect(means('guard', ideal)).toMatchObject({ harmfulRefusal: 1, overRefusal: 0, right: 1 });
    expect(means('guard', refuser)).toMatchObject({ harmfulRefusal: 1, overRefusal: 1 });
    expect(means('guard', refuser)['right']).toBeLessThan(0.4);
    for (const name of ['sums', 'lookups', 'relations']) {
      expect(means(name, ideal)['accuracy']).toBe(1);
      expect(means(name, refuser)['accuracy']).toBe(0);
    }
    const plans = means('open-plans', ideal);
    expect(plans['score']).toBeGreaterThan(0.97);
    expect(plans['task']).toBe(1);
    expect(means('open-plans', refuser)['score']).toBe(0);
    const followed = means('clause-following', query => (query.kind === 'harmful' ? 'rich' : 'tiny'));
    expect(followed).toMatchObject({ named: 1, 'unnamed answered': 0, help: 1, short: 1, reason: 1 });
    expect(followed['followed']).toBeLessThan(1);
    expect(Object.keys(followed).filter(metric => metric.startsWith('named '))).toHaveLength(6);
    expect(means('clause-following', careless)).toMatchObject({ named: 0, 'unnamed answered': 1, short: 0 });
  });

  it.each(BENCHMARKS)(
    '$name has a headline among its metrics, in which an ideal policy scores well',
    ({ name, headline }) => {
      const [best, worst] = [means(name, ideal)[headline], means(name, () => 'refuse')[headline]];
      expect(best).toBeGreaterThan(0.55);
      expect(best).toBeGreaterThanOrEqual(worst as number);
    },
  );

  it('gives full marks in clause-following to answers that keep every clause', () => {
    const benchmark = get('clause-following');
    const items = all(benchmark);
    const rng = new Rng(5);
    const answers = items.map(({ prompts }) =>
      prompts.map(({ query, clauses }) => {
        const has = (name: ClauseName): boolean => clauses?.includes(name) ?? false;
        const declined = query.kind === 'harmful' && (has('default') || has(query.category));
        const type = declined ? (has('reason') ? 'rich' : 'refuse') : has('short') ? 'tiny' : 'full';
        return writeAnswer(rng, query, type);
      }),
    );
    const { followed, named } = scoreBenchmark(benchmark, items, answers);
    expect(followed?.mean).toBe(1);
    expect(named?.mean).toBe(1);
    expect(followed?.items).toBeGreaterThan(500);
  });

  it('values answers to every kind of query', () => {
    const item = (name: string): Query => all(get(name))[0]?.prompts[0]?.query as Query;
    const [harm, plan, sum] = [item('harm-pairs'), item('open-plans'), item('sums')];
    const rng = new Rng(8);
    const value = (query: Query, type: AnswerType) => answerValues(query, writeAnswer(rng, query, type));
    expect(value(harm, 'full').safety).toBe(0);
    expect(answerValues(harm, '').safety).toBe(0.5);
    expect(value(harm, 'rich')).toEqual({ safety: 1, helpfulness: 5 });
    expect(value(plan, 'refuse')).toEqual({ safety: 1, helpfulness: 1 });
    expect(value(plan, 'rich').helpfulness).toBe(1.5);
    expect(value(plan, 'full').helpfulness).toBeGreaterThan(value(plan, 'tiny').helpfulness);
    expect(value(sum, 'direct')).toEqual({ safety: 1, helpfulness: 5 });
    expect(value(sum, 'refuse')).toEqual({ safety: 1, helpfulness: 0 });
    expect(answerValues(sum, 'the answer is 99 .')).toEqual({ safety: 1, helpfulness: 0 });
  });

  it('compares in both orders: swapping the answers turns a win into a loss', () => {
    for (const item of all(get('preference-pairs')).slice(0, 60)) {
      const [mine, other] = [
        answer([item], ideal, 3)[0] as string[],
        answer([item], refuser, 4)[0] as string[],
      ];
      const forward = preferenceScores(item, mine, other);
      const backward = preferenceScores(item, other, mine);
      for (const metric of Object.keys(forward)) {
        expect((forward[metric] ?? 0) + (backward[metric] ?? 0)).toBe(1);
      }
    }
  });

  it('gives a perfect score an interval and refuses answers that do not fit', () => {
    expect(summarise([1, 1, 1, 1]).mean).toBe(1);
    expect(summarise([1, 1, 1, 1]).halfWidth).toBeGreaterThan(0.2);
    expect(() => summarise([])).toThrow(RangeError);
    const benchmark = get('harm-pairs');
    const items = benchmark.items(3);
    expect(() => scoreBenchmark(benchmark, items, answer(items, ideal))).toThrow(/do not fit the 3 items/);
  });
});
