import type { Constitution } from '../contract/world.ts';
import type { ConfigDifference } from './differences.ts';
import { countOf } from '../contract/format.ts';

function constitutionText({ title, clauses }: Constitution): string {
  const on = clauses.filter(clause => clause.enabled).length;
  return `“${title}”, ${on} of ${countOf(clauses.length, 'clause')} on`;
}

/** What changed between two constitutions of the same title, clause by clause; null where nothing did. */
function clauseChanges(before: Constitution, after: Constitution): string | null {
  const old = new Map(before.clauses.map(clause => [clause.id, clause]));
  const changes = after.clauses.flatMap((clause, index) => {
    const name = `clause ${index + 1}`;
    const was = old.get(clause.id);
    old.delete(clause.id);
    if (!was) return [`${name} added`];
    return [
      ...(was.text !== clause.text ? [`${name} reworded`] : []),
      ...(was.category !== clause.category || was.style !== clause.style ? [`${name} routed again`] : []),
      ...(was.enabled !== clause.enabled ? [`${name} switched ${clause.enabled ? 'on' : 'off'}`] : []),
    ];
  });
  const removed = old.size > 0 ? [`${old.size} removed`] : [];
  const order = after.clauses.map(({ id }) => id).join() !== before.clauses.map(({ id }) => id).join();
  const all = [...changes, ...removed];
  if (all.length > 0) return all.join(', ');
  return order ? 'clauses reordered' : null;
}

/** What changed between two constitutions, as at most one difference. */
export function constitutionDifference(before: Constitution, after: Constitution): ConfigDifference[] {
  const base = { path: 'constitution', label: 'Constitution', live: false };
  const changes = clauseChanges(before, after);
  if (before.title !== after.title)
    return [{ ...base, before: constitutionText(before), after: constitutionText(after) }];
  return changes ? [{ ...base, before: constitutionText(before), after: changes }] : [];
}
