import { announcement, hasSay, isNeutral } from './announcement.ts';
import { namedRule, type NamedRule } from './draft.ts';

const CATEGORY = /^(?:category|categories|topic|area|kind|style|kategorie|thema|bereich|stil)$/i;
const RULE =
  /^(?:rules?|polic(?:y|ies)|clauses?|principles?|requirements?|guidelines?|text|regeln?|grundsatz|grundsätze)$/i;
const NUMBER = /^(?:#|id|nr\.?|no\.?|number|nummer)$/i;

export interface TableRow {
  readonly texts: readonly string[];
  readonly named: NamedRule | null;
  /** Lines below the table's first. */
  readonly at: number;
}

const cellsOf = (row: string): string[] =>
  row
    .replace(/^\||\|$/g, '')
    .split('|')
    .map(cell => cell.trim());

/** The row of dashes under a table's head. */
export const isDelimiterRow = (row: string): boolean =>
  row.includes('-') && cellsOf(row).every(cell => /^:?-+:?$/.test(cell));

/**
 * The rules of a table. Columns named Category and Rule are read as that; where every other column's name allows, demands or forbids
 * (“Never”), each of its cells is a rule under it; else a row is one text of names and cells, since each cell may decide what the others say.
 */
export function readTable([head = '', , ...rows]: readonly string[]): TableRow[] {
  const names = cellsOf(head);
  const said = names.filter(name => ![CATEGORY, RULE, NUMBER].some(pattern => pattern.test(name)));
  const apart = said.every(name => isNeutral(name) || hasSay(announcement(name, 'heading')));
  return rows.map((row, index) => {
    const cells = cellsOf(row).map((text, at) => ({ text, name: names[at] ?? '' }));
    const category = cells.find(({ name }) => CATEGORY.test(name));
    const named = category ? namedRule(category.text) : null;
    const told = cells.filter(
      ({ text, name }) =>
        text !== '' && !NUMBER.test(name) && !(CATEGORY.test(name) && names.length > 1 && (named || apart)),
    );
    const worded = told.map(({ text, name }) =>
      name === '' || RULE.test(name) || isNeutral(name) ? text : `${name}: ${text}`,
    );
    const headless = names.every(name => name === '');
    return {
      texts: apart && !headless ? worded : [worded.join(headless ? ': ' : '; ')],
      named,
      at: index + 2,
    };
  });
}
