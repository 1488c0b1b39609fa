import { CATEGORIES, STYLES, type Category, type Style } from '../contract/world.ts';
import { isHeldOutClauseSet } from './held-out.ts';
import { junkClause } from './junk.ts';
import { hash32, type Rng } from './rng.ts';
import {
  CATEGORY_NOUNS,
  CATEGORY_SENTENCES,
  CATEGORY_TEMPLATES,
  CLAUSE_HEADERS,
  STYLE_SENTENCES,
  type ClauseName,
} from './tables/clauses.ts';
import { fill } from './template.ts';

/** The five categories with a clause of their own; `default` covers all of them. */
export const NAMED_CATEGORIES: readonly Category[] = CATEGORIES.filter(category => category !== 'default');

const isStyle = (name: ClauseName): name is Style => (STYLES as readonly string[]).includes(name);

/** One templated phrasing in five is held out by its hash; if that selects none, as many with the smallest hashes. */
const PHRASING_SPLIT = 5;
const FALLBACK_HELD_OUT = 2;

/** The templated phrasings of a category clause, from the training or the held-out split. */
function templatedPhrasings(category: Category, heldOut: boolean): string[] {
  const all = CATEGORY_TEMPLATES.flatMap(template =>
    CATEGORY_NOUNS[category].map(noun => fill(template, { noun })),
  );
  const byHash = all.filter(text => hash32(text) % PHRASING_SPLIT === 0);
  const smallest = [...all].sort((a, b) => hash32(a) - hash32(b)).slice(0, FALLBACK_HELD_OUT);
  const held = new Set(byHash.length > 0 ? byHash : smallest);
  return all.filter(text => held.has(text) === heldOut);
}

/** Every phrasing of a clause, from the training or the held-out split. */
export function clausePhrasings(name: ClauseName, heldOut = false): readonly string[] {
  if (isStyle(name)) return heldOut ? STYLE_SENTENCES[name].slice(-1) : STYLE_SENTENCES[name].slice(0, -1);
  return heldOut
    ? templatedPhrasings(name, true)
    : [...CATEGORY_SENTENCES[name], ...templatedPhrasings(name, false)];
}

/** One sentence of the clause language; training phrasings only unless `heldOut`. */
function clauseSentence(rng: Rng, name: ClauseName, heldOut = false): string {
  if (isStyle(name)) {
    const phrasings = clausePhrasings(name, heldOut);
    return phrasings.length === 1 ? (phrasings[0] as string) : rng.pick(phrasings);
  }
  if (!heldOut && rng.chance(0.5)) return rng.pick(CATEGORY_SENTENCES[name]);
  return rng.pick(templatedPhrasings(name, heldOut));
}

function categoryClauses(rng: Rng, favoured: Category | null): Category[] {
  const u = rng.float();
  if (u < 0.3) {
    return rng.chance(0.25) ? ['default', rng.pick(NAMED_CATEGORIES)] : ['default'];
  }
  if (u < 0.62) return favoured !== null && rng.chance(0.5) ? [favoured] : [rng.pick(CATEGORIES)];
  if (u >= 0.92) return [];
  const pool = [...NAMED_CATEGORIES];
  return Array.from({ length: 2 + rng.int(4) }, () => rng.take(pool));
}

/**
 * Draws a set of 1–6 clauses that is not held out. `favoured` is the query's category: half of the one-category sets name it.
 */
export function drawClauseSet(rng: Rng, favoured: Category | null = null): ClauseName[] {
  for (;;) {
    const categories = categoryClauses(rng, favoured);
    const styles = STYLES.filter(() => rng.chance(0.36));
    const clauses = [...categories, ...styles];
    if (clauses.length >= 1 && clauses.length <= 6 && !isHeldOutClauseSet(clauses)) return clauses;
  }
}

export interface ConstitutionOptions {
  /** Use held-out phrasings (default false). */
  readonly heldOut?: boolean;
  /** Shuffle the clauses (default true). */
  readonly shuffle?: boolean;
  /** Number of meaningless clauses (default 0). */
  readonly junk?: number;
  /** Begin with a header such as "rules :" (default true). */
  readonly header?: boolean;
}

/** The text of a constitution with the given clauses. */
export function constitutionText(
  rng: Rng,
  clauses: readonly ClauseName[],
  { heldOut = false, shuffle = true, junk = 0, header = true }: ConstitutionOptions = {},
): string {
  const sentences = clauses.map(name => clauseSentence(rng, name, heldOut));
  for (let i = 0; i < junk; i++) sentences.push(junkClause(rng));
  if (shuffle) rng.shuffle(sentences);
  if (header) sentences.unshift(rng.pick(CLAUSE_HEADERS));
  return sentences.join(' ');
}
