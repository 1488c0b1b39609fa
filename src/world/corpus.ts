import { QUERY_KINDS } from '../contract/world.ts';
import type { AnswerType } from './answer-types.ts';
import { constitutionText, drawClauseSet } from './constitution.ts';
import { isHeldOut } from './held-out.ts';
import { drawAnswer, type MixtureProfile } from './mixture.ts';
import { corpusQuery } from './query.ts';
import type { Query } from './query-types.ts';
import type { Rng } from './rng.ts';
import type { ClauseName } from './tables/clauses.ts';

/** One pretraining document. */
export interface WorldDocument {
  readonly query: Query;
  /** Text of the constitution; null if there is none. */
  readonly constitution: string | null;
  /** The clauses that count; null without a constitution or with one that is only junk. */
  readonly clauses: readonly ClauseName[] | null;
  readonly answer: string;
  readonly answerType: AnswerType;
}

/** Shares of benign, borderline, harmful and general documents. */
export const KIND_SHARES: readonly number[] = [0.24, 0.22, 0.28, 0.26];
/** Share of documents with a constitution. */
export const CONSTITUTION_SHARE = 0.7;
/** Share of constitutions that are only junk and must change nothing. */
const JUNK_ONLY_SHARE = 0.05;

interface DrawnConstitution {
  readonly text: string | null;
  readonly clauses: readonly ClauseName[] | null;
}

function drawConstitution(rng: Rng, query: Query): DrawnConstitution {
  if (rng.chance(JUNK_ONLY_SHARE)) {
    const junk = 1 + rng.int(2);
    return { text: constitutionText(rng, [], { junk, header: rng.chance(0.8) }), clauses: null };
  }
  const clauses = drawClauseSet(rng, query.category);
  const junk = rng.chance(0.12) && clauses.length < 5 ? 1 : 0;
  return { text: constitutionText(rng, clauses, { junk, header: rng.chance(0.9) }), clauses };
}

/** A query from the training split, of a kind drawn by the shares, in any form. */
function corpusTrainingQuery(rng: Rng, shares: readonly number[]): Query {
  for (;;) {
    const query = corpusQuery(rng, rng.weighted(QUERY_KINDS, shares));
    if (!isHeldOut(query)) return query;
  }
}

export interface SampleOptions {
  readonly profile?: MixtureProfile;
  /** Share of documents with a constitution (default CONSTITUTION_SHARE). */
  readonly constitutionShare?: number;
  /** Shares of benign, borderline, harmful and general documents (default KIND_SHARES). */
  readonly kindShares?: readonly number[];
}

/** Draws one pretraining document; never a held-out query, clause set or phrasing. */
export function sampleDocument(rng: Rng, options: SampleOptions = {}): WorldDocument {
  const query = corpusTrainingQuery(rng, options.kindShares ?? KIND_SHARES);
  const none: DrawnConstitution = { text: null, clauses: null };
  const share = options.constitutionShare ?? CONSTITUTION_SHARE;
  const { text, clauses } = rng.chance(share) ? drawConstitution(rng, query) : none;
  const answer = drawAnswer(rng, query, clauses, options.profile ?? 'base');
  return { query, constitution: text, clauses, answer: answer.text, answerType: answer.type };
}
