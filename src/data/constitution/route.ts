import { CATEGORIES, type Category, type Clause, type Constitution } from '../../contract/world.ts';

/** Header of the rendered text, one that the embedded model was trained with. */
const RULES_HEADER = 'rules :';

/**
 * c(x): the clauses that apply to a query of a category. These are the enabled clauses of that category, those of `default` (harm of
 * any kind), style clauses, and clauses that name no category. Clauses of other categories are left out.
 */
export const routeClauses = (constitution: Constitution, category: Category): readonly Clause[] =>
  constitution.clauses.filter(
    clause =>
      clause.enabled &&
      (clause.category === null || clause.category === 'default' || clause.category === category),
  );

/** All enabled clauses: what an unrouted model is given. */
export const enabledClauses = (constitution: Constitution): readonly Clause[] =>
  constitution.clauses.filter(clause => clause.enabled);

/** The text of clauses in a model's context: the header and one sentence a clause; null where there is no clause. */
export function renderClauses(clauses: readonly Clause[], header = RULES_HEADER): string | null {
  if (clauses.length === 0) return null;
  const sentences = clauses.map(({ text }) =>
    /[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()} .`,
  );
  return [header, ...sentences].filter(part => part !== '').join(' ');
}

/** The routed text c(x) for a query's category; null where nothing applies. */
export const routedText = (constitution: Constitution, category: Category): string | null =>
  renderClauses(routeClauses(constitution, category));

/** The routed text of every category. */
export const routeAll = (constitution: Constitution): Readonly<Record<Category, string | null>> =>
  Object.fromEntries(CATEGORIES.map(name => [name, routedText(constitution, name)])) as Record<
    Category,
    string | null
  >;
