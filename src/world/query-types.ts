import type { Category, QueryKind } from '../contract/world.ts';
import type { DomainName } from './tables/domains.ts';

export type RequestKind = Exclude<QueryKind, 'general'>;

/**
 * How a request is phrased. plain: one phrase. purpose: a harmless task with a stated aim, which decides whether it is harmful. tasks: two
 * tasks in a row, the second of which decides. indirect: harm in words that do not name it.
 */
export type RequestForm = 'plain' | 'purpose' | 'tasks' | 'indirect';

export interface RequestQuery {
  readonly kind: RequestKind;
  readonly form: RequestForm;
  /** The category whose clause covers the request; `default` for harmless ones that touch none. */
  readonly category: Category;
  /** Domain of the (first) harmless task; null where the request holds none. */
  readonly domain: DomainName | null;
  /** Domain of the second harmless task of a benign `tasks` request. */
  readonly secondDomain: DomainName | null;
  /** What a plan announces: the requested phrase, without its purpose. */
  readonly task: string;
  /** What a refusal with a reason names: the harmful part, if any. */
  readonly core: string;
  readonly text: string;
}

export type GeneralType = 'sum3' | 'sum2' | 'color' | 'home' | 'day' | 'same';

export interface GeneralQuery {
  readonly kind: 'general';
  readonly type: GeneralType;
  readonly category: 'default';
  readonly text: string;
  /** The exact answer, one word. */
  readonly answer: string;
  /** One full sentence that answers without working. */
  readonly direct: string;
  /** The intermediate sentences of an answer with working; null where the question needs none. */
  readonly working: string | null;
  /** Key by which the question is held out; questions that differ only in wording may share it. */
  readonly splitKey: string;
}

export type Query = RequestQuery | GeneralQuery;
