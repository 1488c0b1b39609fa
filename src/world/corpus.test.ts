import { describe, expect, it } from 'vitest';
import { CATEGORIES, QUERY_KINDS, STYLES } from '../contract/world.ts';
import { ANSWER_TYPES } from './answer-types.ts';
import { clausePhrasings, constitutionText, drawClauseSet } from './constitution.ts';
import { CONSTITUTION_SHARE, KIND_SHARES, sampleDocument } from './corpus.ts';
import { evaluationQueries, trainingQuery } from './evaluation.ts';
import { isHeldOut, isHeldOutClauseSet } from './held-out.ts';
import { judge } from './judge.ts';
import { mixture, type Mixture } from './mixture.ts';
import { GENERAL_TYPES, generalQuery } from './query-general.ts';
import { Rng } from './rng.ts';
import { COLORS, HOMES } from './tables/general.ts';
import { worldWords } from './vocabulary.ts';

const DOCUMENTS = 12_000;
const rng = new Rng(2024);
const documents = Array.from({ length: DOCUMENTS }, () => sampleDocument(rng));

/** |observed − expected| within four standard deviations of the sum of independent draws with these probabilities. */
function expectWithin(observed: number, probabilities: readonly number[]): void {
  const mean = probabilities.reduce((sum, p) => sum + p, 0);
  const variance = probabilities.reduce((sum, p) => sum + p * (1 - p), 0);
  expect(Math.abs(observed - mean)).toBeLessThanOrEqual(4 * Math.sqrt(variance) + 1e-9);
}

describe('corpus', () => {
  it('is determined by its seed', () => {
    const again = new Rng(2024);
    expect(documents.slice(0, 50)).toEqual(Array.from({ length: 50 }, () => sampleDocument(again)));
  });

  it('has the stated shares of constitutions and of answer types, query by query', () => {
    expectWithin(
      documents.filter(document => document.constitution !== null).length,
      documents.map(() => CONSTITUTION_SHARE),
    );
    for (const kind of QUERY_KINDS) {
      const part = documents.filter(document => document.query.kind === kind);
      const mixtures: Mixture[] = part.map(({ query, clauses }) => mixture(query, clauses));
      for (const type of ANSWER_TYPES) {
        expectWithin(
          part.filter(document => document.answerType === type).length,
          mixtures.map(mixed => mixed[type] ?? 0),
        );
      }
    }
  });

  it('has about the stated share of each kind', () => {
    // Held-out queries are drawn again, and more of the general ones are held out than of the others.
    QUERY_KINDS.forEach((kind, index) => {
      const share = documents.filter(document => document.query.kind === kind).length / DOCUMENTS;
      expect(Math.abs(share - (KIND_SHARES[index] as number))).toBeLessThan(0.02);
    });
  });

  it('contains no held-out query, clause set or phrasing', () => {
    const heldOutSentences = [...CATEGORIES, ...STYLES].flatMap(name => clausePhrasings(name, true));
    expect(heldOutSentences.length).toBeGreaterThan(20);
    const leaks = documents.filter(
      ({ query, clauses, constitution }) =>
        isHeldOut(query) ||
        (clauses !== null && isHeldOutClauseSet(clauses)) ||
        (constitution !== null &&
          heldOutSentences.some(sentence => ` ${constitution}`.includes(` ${sentence}`))),
    );
    expect(leaks).toEqual([]);
  });

  it('uses only words of the vocabulary outside junk clauses, and answers of at most 80 words', () => {
    const known = new Set(worldWords());
    const unknown = documents
      .flatMap(({ query, answer }) => `${query.text} ${answer}`.split(' '))
      .filter(word => /\w/.test(word) && !known.has(word));
    expect(unknown).toEqual([]);
    expect(Math.max(...documents.map(document => document.answer.split(' ').length))).toBeLessThan(80);
  });

  it('gives mixtures that sum to one, for both profiles', () => {
    const draw = new Rng(6);
    for (let i = 0; i < 500; i++) {
      const clauses = draw.chance(0.1) ? null : drawClauseSet(draw);
      for (const profile of ['base', 'frontier'] as const) {
        for (const { query } of documents.slice(i * 4, i * 4 + 4)) {
          const sum = Object.values(mixture(query, clauses, profile)).reduce((total, p) => total + p, 0);
          expect(sum).toBeCloseTo(1, 12);
        }
      }
    }
  });

  it('makes the frontier rich under a constitution and never more cautious with harmless queries', () => {
    const draw = new Rng(12);
    const frontier = Array.from({ length: 3000 }, () =>
      sampleDocument(draw, { profile: 'frontier', constitutionShare: 1 }),
    ).filter(document => document.clauses?.includes('default'));
    const harmful = frontier.filter(document => document.query.kind === 'harmful');
    const rich = harmful.filter(({ query, answer }) => judge(query, answer).label === 'rich').length;
    expect(rich / harmful.length).toBeGreaterThan(0.93);
    const benign = frontier.filter(document => document.query.kind === 'benign');
    const refused = benign.filter(({ query, answer }) => judge(query, answer).overRefusal).length;
    expect(refused / benign.length).toBeLessThan(0.03);
  });

  it('writes shuffled constitutions with and without header and junk', () => {
    const plain = constitutionText(new Rng(1), ['default', 'help'], { header: false });
    expect(plain.split(' . ').length).toBe(2);
    const junk = constitutionText(new Rng(1), [], { junk: 2, header: false });
    expect(junk.split(' .').length).toBe(3);
  });
});

describe('held-out split', () => {
  it('gives distinct, deterministic evaluation queries that training never draws', () => {
    for (const kind of QUERY_KINDS) {
      const queries = evaluationQueries(kind, 150);
      expect(queries).toHaveLength(150);
      expect(new Set(queries.map(query => query.text)).size).toBe(150);
      expect(queries).toEqual(evaluationQueries(kind, 150));
      expect(queries).not.toEqual(evaluationQueries(kind, 150, 78));
      const held = new Set(queries.map(query => query.text));
      const draw = new Rng(5);
      for (let i = 0; i < 3000; i++)
        expect(held.has(trainingQuery(draw, { [kind]: 1 }, i % 2 === 0).text)).toBe(false);
    }
  });

  it('stops when the held-out space is exhausted', () => {
    const all = evaluationQueries('benign', 100_000);
    expect(all.length).toBeGreaterThan(200);
    expect(all.length).toBeLessThan(400);
  });

  it('keeps every fact in the training split in some wording', () => {
    const draw = new Rng(1);
    const seen = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      const query = generalQuery(draw);
      if (!isHeldOut(query) && (query.type === 'color' || query.type === 'home'))
        seen.add(query.direct.split(' is ')[0] as string);
    }
    expect(seen.size).toBe(Object.keys(COLORS).length + Object.keys(HOMES).length);
    for (const type of GENERAL_TYPES) {
      const held = Array.from({ length: 4000 }, () => generalQuery(draw, type)).filter(isHeldOut);
      expect(held.length > 0).toBe(type !== 'sum2');
    }
  });

  it('refuses a mix without a positive share', () => {
    expect(() => trainingQuery(new Rng(1), {})).toThrow(RangeError);
  });
});
