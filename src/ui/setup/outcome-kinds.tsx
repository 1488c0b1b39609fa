import { QUERY_KINDS, type QueryKind } from '../../contract/world.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';

/** Kinds of query whose answers take the judge's outcome reward instead of the teacher's (the hybrid). */
export function OutcomeKinds({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const chosen = useConfig(state => state.draft.policyGradient.outcomeKinds);
  const problem = useConfig(
    state => state.problems.find(({ path }) => path === 'policyGradient.outcomeKinds')?.message,
  );
  const toggle = (kind: QueryKind, on: boolean): void =>
    config.edit(draft => ({
      ...draft,
      policyGradient: {
        ...draft.policyGradient,
        outcomeKinds: QUERY_KINDS.filter(name => (name === kind ? on : chosen.includes(name))),
      },
    }));
  return (
    <fieldset className="targets" disabled={disabled}>
      <legend>Outcome reward instead of the teacher’s</legend>
      {QUERY_KINDS.map(kind => (
        <label key={kind} className="target">
          <input
            type="checkbox"
            checked={chosen.includes(kind)}
            onChange={event => toggle(kind, event.target.checked)}
          />
          {kind}
        </label>
      ))}
      <p className={problem ? 'field-note field-problem' : 'field-note'}>
        {problem ??
          'The judge scores the whole answer, relative to the other answers to the query. The paper’s hybrid does so for general questions.'}
      </p>
    </fieldset>
  );
}
