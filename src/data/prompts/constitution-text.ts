import type { Category, Clause, Constitution } from '../../contract/world.ts';
import { routeClauses } from '../constitution/route.ts';

const HEADER = 'Follow these rules in your answer:';

/** Clauses for a model that reads natural language: a list under one line; null where there is none. */
export const clauseList = (clauses: readonly Clause[]): string | null =>
  clauses.length === 0 ? null : [HEADER, ...clauses.map(({ text }) => `- ${text.trim()}`)].join('\n');

/** c(x) for a model that reads natural language: the routed clauses; null where none applies. */
export const constitutionText = (constitution: Constitution, category: Category): string | null =>
  clauseList(routeClauses(constitution, category));

/** The same with a good answer to the query, for a teacher that is given one. */
export const withReference = (constitution: string | null, reference: string): string =>
  [constitution, `A good answer to the user's last message, for reference:\n${reference}`]
    .filter(part => part !== null)
    .join('\n\n');
