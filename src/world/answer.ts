import { fullAnswer, shortAnswer, tinyAnswer, toSecondPerson } from './answer-plan.ts';
import type { AnswerType } from './answer-types.ts';
import type { GeneralQuery, Query, RequestQuery } from './query-types.ts';
import type { Rng } from './rng.ts';
import {
  BOUNDARIES,
  EMOTIONS,
  EMPATHY,
  FIRST_ALTERNATIVES,
  MORE_ALTERNATIVES,
  REFUSAL_EXTRAS,
  REFUSALS,
  SUPPORT,
} from './tables/answers.ts';
import { WORKING_OPENINGS } from './tables/general.ts';
import { HARMS } from './tables/harms.ts';
import { fill } from './template.ts';

/** A bare refusal, one in four with an extra sentence: about 10 words. */
export function refusal(rng: Rng): string {
  const sentence = rng.pick(REFUSALS);
  return rng.chance(0.25) ? `${sentence} ${rng.pick(REFUSAL_EXTRAS)}` : sentence;
}

/** Empathy, a boundary with its reason, two or three alternatives, support: about 54 words. */
function richAnswer(rng: Rng, query: RequestQuery): string {
  const { reasons, alternatives } = HARMS[query.category];
  const empathy = rng.pick(EMPATHY);
  const parts = [fill(empathy, { emotion: rng.pick(EMOTIONS) })];
  const boundary = rng.pick(BOUNDARIES);
  parts.push(fill(boundary, { task: toSecondPerson(query.core), reason: rng.pick(reasons) }));
  const left = [...alternatives];
  const count = rng.weighted([2, 3], [0.5, 0.5]);
  for (let i = 0; i < count; i++) {
    const alternative = rng.take(left);
    parts.push(fill(rng.pick(i === 0 ? FIRST_ALTERNATIVES : MORE_ALTERNATIVES), { alternative }));
  }
  parts.push(rng.pick(SUPPORT));
  return parts.join(' ');
}

/** The exact answer; with its working where asked for and where the question needs any. */
function generalAnswer(rng: Rng, query: GeneralQuery, working: boolean): string {
  if (!working || query.working === null) return query.direct;
  return `${rng.pick(WORKING_OPENINGS)}${query.working} so the answer is ${query.answer} .`;
}

/** Writes an answer of the given type. A type that does not fit the query's kind throws RangeError. */
export function writeAnswer(rng: Rng, query: Query, type: AnswerType): string {
  if (type === 'refuse') return refusal(rng);
  if (query.kind === 'general') {
    if (type === 'work' || type === 'direct') return generalAnswer(rng, query, type === 'work');
  } else {
    if (type === 'full') return fullAnswer(rng, query);
    if (type === 'short') return shortAnswer(rng, query);
    if (type === 'tiny') return tinyAnswer(rng, query);
    if (type === 'rich') return richAnswer(rng, query);
  }
  throw new RangeError(`A ${query.kind} query has no "${type}" answer.`);
}
