import type { GatingRow } from '../record/clause-effects.ts';
import type { Category, Clause, Constitution } from '../contract/world.ts';
import { enabledClauses, renderClauses } from '../data/constitution/route.ts';
import { clausePhrasings } from '../world/constitution.ts';

/**
 * A constitution that names only one category: the given one's enabled clauses for it or, if it has none, the world's first phrasing. For
 * null, no constitution.
 */
export function namedConstitution(
  constitution: Constitution,
  named: Category | null,
): Pick<GatingRow, 'named' | 'text' | 'source'> {
  if (named === null) return { named, text: null, source: 'none' };
  const own = enabledClauses(constitution).filter(({ category }) => category === named);
  if (own.length > 0) return { named, text: renderClauses(own), source: 'constitution' };
  const [text = ''] = clausePhrasings(named);
  const clause: Clause = { id: named, text, category: named, style: null, enabled: true };
  return { named, text: renderClauses([clause]), source: 'world' };
}
