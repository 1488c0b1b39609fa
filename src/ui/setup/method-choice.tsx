import { METHODS, withMethod } from '../../state/methods.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';

/** The ways to move the student to the teacher. */
export function MethodChoice({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const objective = useConfig(state => state.draft.objective);
  const setBeta = (beta: number): void =>
    config.edit(draft => ({ ...draft, objective: { kind: 'jsd', beta } }));
  return (
    <fieldset className="methods" disabled={disabled}>
      <legend className="visually-hidden">Method</legend>
      {METHODS.map(({ kind, label, formula, why }) => (
        <label key={kind} className="method">
          <input
            type="radio"
            name="method"
            checked={objective.kind === kind}
            onChange={() => config.edit(draft => withMethod(draft, kind))}
          />
          <span className="method-text">
            <span className="method-name">
              {label} <span className="method-formula">{formula}</span>
            </span>
            {objective.kind === kind && <span className="method-why">{why}</span>}
          </span>
        </label>
      ))}
      {objective.kind === 'jsd' && (
        <label className="method-beta">
          <span>
            β <span>{objective.beta.toFixed(2)}</span>
          </span>
          <input
            type="range"
            min={0}
            max={1}
            step={0.05}
            value={objective.beta}
            onChange={event => setBeta(Number(event.target.value))}
          />
        </label>
      )}
    </fieldset>
  );
}
