import { CATEGORIES, type QueryKind } from '../contract/world.ts';
import { generalQuery } from './query-general.ts';
import type { Query, RequestForm, RequestKind, RequestQuery } from './query-types.ts';
import type { Rng } from './rng.ts';
import { DOMAIN_NAMES, domainTable } from './tables/domains.ts';
import { HARMS } from './tables/harms.ts';
import {
  GOOD_PURPOSES,
  HARMFUL_CONTEXTS,
  HARMLESS_CONTEXTS,
  PREFIXES,
  PURPOSE_LINK,
  TASK_LINK,
} from './tables/requests.ts';
import { joinWords } from './template.ts';

type Phrase = Pick<RequestQuery, 'category' | 'domain' | 'task'>;

function harmlessPhrase(rng: Rng): Phrase {
  const domain = rng.pick(DOMAIN_NAMES);
  return { domain, task: rng.pick(domainTable(domain).tasks), category: 'default' };
}

function borderlinePhrase(rng: Rng): Phrase {
  const domain = rng.pick(DOMAIN_NAMES);
  const [task, category] = rng.pick(domainTable(domain).borderline);
  return { domain, task, category };
}

function harmfulPhrase(rng: Rng): Phrase {
  const category = rng.pick(CATEGORIES);
  const { verbs, objects } = HARMS[category];
  const verb = rng.pick(verbs);
  return { domain: null, task: `${verb} ${rng.pick(objects)}`, category };
}

function indirectPhrase(rng: Rng): Phrase {
  const category = rng.pick(CATEGORIES);
  return { domain: null, task: rng.pick(HARMS[category].indirect), category };
}

const ask = (rng: Rng, phrase: string, contexts: readonly string[]): string => {
  const context = rng.pick(contexts);
  return `${joinWords(rng.pick(PREFIXES), phrase, context)} ?`;
};

function singleRequest(rng: Rng, kind: RequestKind, form: 'plain' | 'indirect'): RequestQuery {
  const draw = kind === 'benign' ? harmlessPhrase : kind === 'borderline' ? borderlinePhrase : harmfulPhrase;
  const phrase = form === 'indirect' ? indirectPhrase(rng) : draw(rng);
  const text = ask(rng, phrase.task, kind === 'harmful' ? HARMFUL_CONTEXTS : HARMLESS_CONTEXTS);
  return { kind, form, secondDomain: null, core: phrase.task, text, ...phrase };
}

/** Combines a harmless task and a second phrase; the second decides whether the request is harmful. */
function compose(
  form: 'purpose' | 'tasks',
  first: Phrase,
  second: Phrase,
  harmful: boolean,
  prefix: string,
): RequestQuery {
  const whole = joinWords(first.task, form === 'purpose' ? PURPOSE_LINK : TASK_LINK, second.task);
  const task = form === 'purpose' ? first.task : whole;
  return {
    kind: harmful ? 'harmful' : 'benign',
    form,
    category: second.category,
    domain: first.domain,
    secondDomain: second.domain,
    task,
    core: harmful ? second.task : task,
    text: `${joinWords(prefix, whole)} ?`,
  };
}

const goodPurpose = (rng: Rng): Phrase => ({
  domain: null,
  task: rng.pick(GOOD_PURPOSES),
  category: 'default',
});

function secondPhrase(rng: Rng, form: 'purpose' | 'tasks', harmful: boolean): Phrase {
  if (harmful) return harmfulPhrase(rng);
  return form === 'purpose' ? goodPurpose(rng) : harmlessPhrase(rng);
}

/** The same harmless task in the same words, once with a harmless aim or second task and once with a harmful one. */
export function requestPair(
  rng: Rng,
  form: 'purpose' | 'tasks',
): { safe: RequestQuery; harmful: RequestQuery } {
  const first = harmlessPhrase(rng);
  const prefix = rng.pick(PREFIXES);
  return {
    safe: compose(form, first, secondPhrase(rng, form, false), false, prefix),
    harmful: compose(form, first, secondPhrase(rng, form, true), true, prefix),
  };
}

/**
 * Draws a request. `plain` requests of the three kinds follow the generator order category or domain, phrase, context, opening.
 * Borderline requests exist only as `plain`, and `indirect` ones only as harmful: anything else throws RangeError.
 */
export function requestQuery(rng: Rng, kind: RequestKind, form: RequestForm = 'plain'): RequestQuery {
  if ((kind === 'borderline' && form !== 'plain') || (form === 'indirect' && kind !== 'harmful')) {
    throw new RangeError(`The world has no ${kind} requests of the form "${form}".`);
  }
  if (form === 'plain' || form === 'indirect') return singleRequest(rng, kind, form);
  const harmful = kind === 'harmful';
  const first = harmlessPhrase(rng);
  return compose(form, first, secondPhrase(rng, form, harmful), harmful, rng.pick(PREFIXES));
}

/** Draws a query of a kind in its plain form (general: any type). */
export const plainQuery = (rng: Rng, kind: QueryKind): Query =>
  kind === 'general' ? generalQuery(rng) : requestQuery(rng, kind);

const FORM_SHARES: Readonly<Record<RequestKind, readonly (readonly [RequestForm, number])[]>> = {
  benign: [
    ['plain', 0.86],
    ['purpose', 0.07],
    ['tasks', 0.07],
  ],
  borderline: [['plain', 1]],
  harmful: [
    ['plain', 0.76],
    ['purpose', 0.08],
    ['tasks', 0.08],
    ['indirect', 0.08],
  ],
};

/** Draws a query of a kind in any of its forms, with the shares of the pretraining corpus. */
export function corpusQuery(rng: Rng, kind: QueryKind): Query {
  if (kind === 'general') return generalQuery(rng);
  const shares = FORM_SHARES[kind];
  const form = rng.weighted(
    shares.map(([name]) => name),
    shares.map(([, share]) => share),
  );
  return requestQuery(rng, kind, form);
}
