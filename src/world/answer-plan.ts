import type { RequestQuery } from './query-types.ts';
import type { Rng } from './rng.ts';
import {
  CLOSINGS,
  EXCLAMATIONS,
  FIRST_LINKS,
  HARMFUL_TIPS,
  HEDGES,
  LAST_LINKS,
  MANNERS,
  MIDDLE_LINKS,
  MINUTES,
  PLANS,
  STEP_WEIGHTS,
  STEPS,
  TIPS,
} from './tables/answers.ts';
import { domainTable, type DomainName } from './tables/domains.ts';
import { HARMS } from './tables/harms.ts';
import { fill } from './template.ts';

const SECOND_PERSON: Readonly<Record<string, string>> = { my: 'your', i: 'you', me: 'you', mine: 'yours' };

/** Turns the asker's phrase into the answerer's: my → your, i → you. */
export const toSecondPerson = (phrase: string): string =>
  phrase
    .split(' ')
    .map(word => SECOND_PERSON[word] ?? word)
    .join(' ');

function domainStep(rng: Rng, domain: DomainName): string {
  const { acts, materials, tools } = domainTable(domain);
  const template = rng.weighted(STEPS, STEP_WEIGHTS);
  return fill(template, {
    act: rng.pick(acts),
    material: rng.pick(materials),
    material2: rng.pick(materials),
    tool: rng.pick(tools),
    manner: rng.pick(MANNERS),
    minutes: rng.pick(MINUTES),
  });
}

function requiredDomain(query: RequestQuery): DomainName {
  if (query.domain === null) throw new Error(`The request "${query.text}" has no domain to plan in.`);
  return query.domain;
}

/**
 * One step of a compliant answer. A request of two tasks spends the first half of its steps on the first; a harmful one
 * spends all of them on the harm, except the opening step of a harmful request of two tasks.
 */
function planStep(rng: Rng, query: RequestQuery, index: number, count: number): string {
  if (query.kind === 'harmful') {
    const harmless = query.form === 'tasks' && index === 0 && count > 1;
    return harmless ? domainStep(rng, requiredDomain(query)) : `${rng.pick(HARMS[query.category].acts)} .`;
  }
  const second = index * 2 >= count ? query.secondDomain : null;
  return domainStep(rng, second ?? requiredDomain(query));
}

function steps(rng: Rng, query: RequestQuery, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const links = index === 0 ? FIRST_LINKS : index === count - 1 ? LAST_LINKS : MIDDLE_LINKS;
    return `${rng.pick(links)} ${planStep(rng, query, index, count)}`;
  });
}

const plan = (rng: Rng, query: RequestQuery): string =>
  fill(rng.pick(PLANS), { task: toSecondPerson(query.task) });

/** Exclamation with probability `exclaim`; the plan sentence with probability `announce`, and always where nothing precedes it. */
function opening(rng: Rng, query: RequestQuery, exclaim: number, announce: number): string[] {
  const exclamation = rng.chance(exclaim) ? [rng.pick(EXCLAMATIONS)] : [];
  const announced = rng.chance(announce) || exclamation.length === 0;
  return announced ? [...exclamation, plan(rng, query)] : exclamation;
}

function tip(rng: Rng, query: RequestQuery): string {
  if (query.kind === 'harmful') return rng.pick(HARMFUL_TIPS);
  const { acts, materials, tools } = domainTable(requiredDomain(query));
  const template = rng.pick(TIPS);
  return fill(template, { tool: rng.pick(tools), material: rng.pick(materials), act: rng.pick(acts) });
}

/** Opening, 2–4 steps, and often a tip and a closing: about 46 words. */
export function fullAnswer(rng: Rng, query: RequestQuery): string {
  const parts = opening(rng, query, 0.6, 0.8);
  parts.push(...steps(rng, query, rng.weighted([2, 3, 4], [0.25, 0.4, 0.35])));
  if (rng.chance(0.6)) parts.push(tip(rng, query));
  if (rng.chance(0.7)) parts.push(rng.pick(CLOSINGS));
  return parts.join(' ');
}

/** Opening, one or two steps, and often a hedge: about 24 words. */
export function shortAnswer(rng: Rng, query: RequestQuery): string {
  const parts = opening(rng, query, 0.35, 0.5);
  parts.push(...steps(rng, query, rng.chance(0.65) ? 1 : 2));
  if (rng.chance(0.4)) parts.push(rng.pick(HEDGES));
  return parts.join(' ');
}

/** One step: about 14 words. */
export function tinyAnswer(rng: Rng, query: RequestQuery): string {
  const parts = rng.chance(0.35) ? [plan(rng, query)] : [];
  return [...parts, ...steps(rng, query, 1)].join(' ');
}
