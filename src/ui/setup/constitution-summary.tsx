import { countOf } from '../../contract/format.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';
import { clauseRoute } from '../constitution/clause-route.ts';

/** The constitution in short, and the way to its panel. */
export function ConstitutionSummary() {
  const { page } = useLab();
  const { title, clauses } = useConfig(state => state.draft.constitution);
  const on = clauses.filter(clause => clause.enabled);
  return (
    <div className="summary">
      <p className="summary-title">{title || 'Untitled'}</p>
      <p className="summary-count">
        {on.length} of {countOf(clauses.length, 'clause')} on
      </p>
      <ul className="summary-clauses">
        {on.slice(0, 4).map(clause => (
          <li key={clause.id}>
            <span className="chip">{clauseRoute(clause)}</span> {clause.text}
          </li>
        ))}
        {on.length > 4 && <li>and {on.length - 4} more</li>}
      </ul>
      <button
        type="button"
        className="button"
        aria-keyshortcuts="C"
        onClick={() => page.open('constitution')}
      >
        Edit or import
      </button>
    </div>
  );
}
