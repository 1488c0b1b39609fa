import { CATEGORIES, STYLES, type Category, type Style } from '../../contract/world.ts';
import { CLAUSE_PHRASES } from './clause-phrases.ts';

/** What a clause is about; both null where its words say nothing that is known. */
export interface ClauseClass {
  readonly category: Category | null;
  readonly style: Style | null;
}

/** Words of a text, lower case, with one blank around each. */
const spacedWords = (text: string): string =>
  ` ${text
    .toLowerCase()
    .normalize('NFKC')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

function score(words: string, name: Category | Style): number {
  let sum = 0;
  for (const { weight, phrases } of CLAUSE_PHRASES[name]) {
    for (const phrase of phrases) if (words.includes(` ${phrase} `)) sum += weight;
  }
  return sum;
}

/**
 * Routes a clause by its words: to the category or style whose phrases weigh most, and to the earlier one where two weigh the same.
 * Only whole words count, so "harmless" is not "harm".
 */
export function classifyClause(text: string): ClauseClass {
  const words = spacedWords(text);
  let best: ClauseClass = { category: null, style: null };
  let most = 0;
  for (const category of CATEGORIES) {
    const weight = score(words, category);
    if (weight > most) [best, most] = [{ category, style: null }, weight];
  }
  for (const style of STYLES) {
    const weight = score(words, style);
    if (weight > most) [best, most] = [{ category: null, style }, weight];
  }
  return best;
}
