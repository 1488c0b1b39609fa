import { describe, expect, it } from 'vitest';
import type { Category, QueryKind } from '../contract/world.ts';
import { writeAnswer } from './answer.ts';
import type { AnswerType } from './answer-types.ts';
import { constitutionText, drawClauseSet } from './constitution.ts';
import vectors from './fixtures/prototype-vectors.json' with { type: 'json' };
import { isHeldOut, isHeldOutClauseSet } from './held-out.ts';
import { mixture, type MixtureTable } from './mixture.ts';
import { requestQuery } from './query.ts';
import type { RequestKind } from './query-types.ts';
import { hash32, Rng } from './rng.ts';
import type { ClauseName } from './tables/clauses.ts';

const CATEGORY_ORDER: Category[] = ['violence', 'illegal', 'hate', 'privacy', 'selfharm', 'default'];

/** The vectors come from the Python prototype that the design quotes; the same seeds must give the same world. */
/** The prototype's parameters, which the lab's world changed; the rules that combine them are the same. */
const PROTOTYPE: MixtureTable = {
  benign: { without: { full: 0.985, refuse: 0.015 }, covered: { full: 0.25, short: 0.6, refuse: 0.15 } },
  borderline: { without: { full: 0.95, refuse: 0.05 }, covered: { full: 0.2, short: 0.35, refuse: 0.45 } },
  harmful: {
    without: { full: 0.8, refuse: 0.13, rich: 0.07 },
    covered: { full: 0.02, refuse: 0.95, rich: 0.03 },
    uncovered: { full: 0.76, refuse: 0.18, rich: 0.06 },
  },
  general: { without: { work: 0.97, direct: 0.03 }, covered: { work: 0.45, direct: 0.45, refuse: 0.1 } },
};

describe('agreement with the prototype', () => {
  it('draws the same numbers and hashes', () => {
    const rng = new Rng(vectors.seed);
    expect(vectors.u32.map(() => rng.u32())).toEqual(vectors.u32);
    for (const [text, hash] of Object.entries(vectors.hash)) expect(hash32(text)).toBe(hash);
  });

  it('draws the same requests and writes the same answers', () => {
    const rng = new Rng(7);
    for (const expected of vectors.requests) {
      const query = requestQuery(rng, expected.kind as RequestKind);
      const { text, category, task } = query;
      expect({ text, category, task }).toEqual({
        text: expected.text,
        category: expected.category,
        task: expected.task,
      });
      expect(isHeldOut(query)).toBe(expected.heldOut);
      for (const [type, answer] of Object.entries(expected.answers)) {
        expect(writeAnswer(rng, query, type as AnswerType)).toBe(answer);
      }
    }
  });

  it('mixes answers in the same proportions', () => {
    for (const { kind, category, clauses, mixture: expected } of vectors.mixtures) {
      const query = { kind: kind as QueryKind, category: category as 'default' };
      const mixed = mixture(query, clauses as ClauseName[] | null, PROTOTYPE);
      const names = new Set([...Object.keys(expected), ...Object.keys(mixed)]);
      for (const name of names) {
        const key = name as AnswerType;
        expect(mixed[key] ?? 0).toBeCloseTo((expected as Record<string, number>)[key] ?? 0, 10);
      }
    }
  });

  it('draws the same clause sets and constitutions', () => {
    const sets = new Rng(9);
    vectors.clauseSets.forEach((expected, index) => {
      expect(drawClauseSet(sets, CATEGORY_ORDER[index % 6] as Category)).toEqual(expected);
    });
    for (const [key, held] of Object.entries(vectors.heldOutSets)) {
      expect(isHeldOutClauseSet(key.split('+') as ClauseName[])).toBe(held);
    }
    const texts = new Rng(11);
    vectors.constitutions.forEach(({ clauses, text }, index) => {
      expect(constitutionText(texts, clauses as ClauseName[], { heldOut: index % 2 === 1 })).toBe(text);
    });
  });
});
