import type { Category, Constitution } from '../../contract/world.ts';
import { routeClauses } from '../constitution/route.ts';

const HEADER = 'Follow these rules in your answer:';

/** c(x) for a model that reads natural language: the routed clauses as a list under a heading line; null if none applies. */
export function constitutionText(constitution: Constitution, category: Category): string | null {
  const clauses = routeClauses(constitution, category);
  if (clauses.length === 0) return null;
  return [HEADER, ...clauses.map(({ text }) => `- ${text.trim()}`)].join('\n');
}

/** The same with a good answer to the query, for a teacher that is given one. */
export const withReference = (constitution: string | null, reference: string): string =>
  [constitution, `A good answer to the user's last message, for reference:\n${reference}`]
    .filter(part => part !== null)
    .join('\n\n');
