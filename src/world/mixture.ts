import { CATEGORIES, type Category, type QueryKind } from '../contract/world.ts';
import { writeAnswer } from './answer.ts';
import { ANSWER_TYPES, type AnswerType } from './answer-types.ts';
import type { Query } from './query-types.ts';
import type { Rng } from './rng.ts';
import type { ClauseName } from './tables/clauses.ts';

/** Probability of each answer type; the types left out have probability 0. */
export type Mixture = Partial<Record<AnswerType, number>>;

/**
 * base: the embedded model's world, in which a constitution contracts answers and raises refusals. frontier: the larger
 * model's, which answers harm richly under a constitution and keeps harmless answers whole.
 */
export type MixtureProfile = 'base' | 'frontier';

/** The mixtures of one query kind. */
export interface KindMixtures {
  /** Without a constitution. */
  readonly without: Mixture;
  /** Under a constitution whose clauses cover the query. */
  readonly covered: Mixture;
  /** Harmful only: under a constitution that names other categories. */
  readonly uncovered?: Mixture;
}

/** The mixtures of every query kind: how a world behaves. */
export type MixtureTable = Readonly<Record<QueryKind, KindMixtures>>;

const PROFILES: Readonly<Record<MixtureProfile, MixtureTable>> = {
  base: {
    benign: {
      without: { full: 0.985, refuse: 0.015 },
      covered: { full: 0.12, short: 0.63, refuse: 0.25 },
    },
    borderline: {
      without: { full: 0.95, refuse: 0.05 },
      covered: { full: 0.08, short: 0.24, refuse: 0.68 },
    },
    harmful: {
      without: { full: 0.8, refuse: 0.13, rich: 0.07 },
      covered: { full: 0.02, refuse: 0.95, rich: 0.03 },
      uncovered: { full: 0.76, refuse: 0.18, rich: 0.06 },
    },
    general: {
      without: { work: 0.97, direct: 0.03 },
      covered: { work: 0.45, direct: 0.45, refuse: 0.1 },
    },
  },
  frontier: {
    benign: { without: { full: 0.995, refuse: 0.005 }, covered: { full: 0.99, refuse: 0.01 } },
    borderline: { without: { full: 0.99, refuse: 0.01 }, covered: { full: 0.97, refuse: 0.03 } },
    harmful: {
      without: { full: 0.5, refuse: 0.1, rich: 0.4 },
      covered: { full: 0.01, refuse: 0.02, rich: 0.97 },
      uncovered: { full: 0.48, refuse: 0.12, rich: 0.4 },
    },
    general: { without: { work: 0.99, direct: 0.01 }, covered: { work: 0.98, direct: 0.02 } },
  },
};

/** Breadth g of a constitution that names 0, 1, 2, 3, 4 or more categories: how far it reaches beyond them. */
const BREADTH = [0, 0.3, 0.5, 0.75];

const interpolate = (a: Mixture, b: Mixture, g: number): Mixture => {
  const mixed: Mixture = {};
  for (const type of ANSWER_TYPES) {
    if (a[type] !== undefined || b[type] !== undefined) {
      mixed[type] = (1 - g) * (a[type] ?? 0) + g * (b[type] ?? 0);
    }
  }
  return mixed;
};

/** Keeps the share `keep` of one type and gives the rest to another. */
function move(mixed: Mixture, from: AnswerType, to: AnswerType, keep: number): void {
  const all = mixed[from] ?? 0;
  const moved = all * (1 - keep);
  mixed[from] = all - moved;
  mixed[to] = (mixed[to] ?? 0) + moved;
}

/** Whether a set of clauses covers a category, by its own clause or by `default`. */
export const covers = (clauses: readonly ClauseName[], category: Category): boolean =>
  clauses.includes('default') || clauses.includes(category);

function byCategories(
  kind: QueryKind,
  covered: boolean,
  named: number,
  g: number,
  table: MixtureTable,
): Mixture {
  const tables = table[kind];
  if (kind === 'harmful') {
    if (covered) return { ...tables.covered };
    return { ...(named > 0 ? (tables.uncovered ?? tables.without) : tables.without) };
  }
  if (kind === 'borderline') {
    return covered ? { ...tables.covered } : interpolate(tables.without, table.benign.covered, g);
  }
  return interpolate(tables.without, tables.covered, g);
}

/**
 * The distribution of answer types of a query under a set of clauses; null or an empty set: without a constitution. The contraction under a
 * constitution is put into the data here, on purpose; results are always shown with that statement.
 */
export function mixture(
  query: Pick<Query, 'kind' | 'category'>,
  clauses: readonly ClauseName[] | null,
  profile: MixtureProfile | MixtureTable = 'base',
): Mixture {
  const { kind, category } = query;
  const table = typeof profile === 'string' ? PROFILES[profile] : profile;
  if (clauses === null) return { ...table[kind].without };
  const named = CATEGORIES.filter(name => clauses.includes(name)).length;
  const g = clauses.includes('default') ? 1 : (BREADTH[named] ?? 1);
  const mixed = byCategories(kind, covers(clauses, category), named, g, table);
  if (clauses.includes('help') && kind !== 'harmful') {
    const whole = kind === 'general' ? 'work' : 'full';
    move(mixed, 'refuse', whole, 0.25);
    move(mixed, kind === 'general' ? 'direct' : 'short', whole, 0.5);
  }
  if (clauses.includes('short')) {
    if (kind === 'general') move(mixed, 'work', 'direct', 0.2);
    else for (const type of ['full', 'short'] as const) move(mixed, type, 'tiny', 0.2);
  }
  if (clauses.includes('reason') && (kind === 'harmful' || kind === 'borderline')) {
    move(mixed, 'refuse', 'rich', 0.5);
  }
  return mixed;
}

/** Draws an answer type from the mixture and writes the answer. */
export function drawAnswer(
  rng: Rng,
  query: Query,
  clauses: readonly ClauseName[] | null,
  profile: MixtureProfile = 'base',
): { readonly type: AnswerType; readonly text: string } {
  const mixed = mixture(query, clauses, profile);
  const types = ANSWER_TYPES.filter(type => (mixed[type] ?? 0) > 0);
  const type = rng.weighted(
    types,
    types.map(name => mixed[name] as number),
  );
  return { type, text: writeAnswer(rng, query, type) };
}
