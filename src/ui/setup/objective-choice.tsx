import { useId } from 'react';
import type { Objective } from '../../settings/method-config.ts';
import { METHOD_GROUPS, methodOf, withMethod } from '../../settings/methods.ts';
import { parameterOf, parameterValue, withParameter } from '../../settings/objective-parameters.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';
import { useRecipeValue } from './changed-settings.ts';
import { Choice } from './choice.tsx';

const OPTIONS = METHOD_GROUPS.map(({ title, methods }) => ({
  title,
  options: methods.map(({ kind, label }) => ({ value: kind, label })),
}));

const ANSWERS = [
  { value: 'refuse', label: 'the model’s own refusals' },
  { value: 'rich', label: 'the frontier’s rich answers' },
] as const;

/** β, λ or α: its slider, what it weighs, and what it does at this value. */
function ParameterSlider({
  objective,
  disabled,
}: {
  readonly objective: Objective;
  readonly disabled: boolean;
}) {
  const { config } = useLab();
  const id = useId();
  const parameter = parameterOf(objective.kind);
  const recipeValue = useRecipeValue(`objective.${parameter?.key ?? ''}`);
  if (!parameter) return null;
  const value = parameterValue(objective);
  return (
    <div className={recipeValue === undefined ? 'field' : 'field field-changed'}>
      <label className="parameter">
        <span>
          {parameter.symbol} <span>{value.toFixed(2)}</span>
        </span>
        <input
          type="range"
          min={parameter.min}
          max={parameter.max}
          step={0.05}
          value={value}
          disabled={disabled}
          aria-describedby={`${id}-note`}
          onChange={event =>
            config.edit(draft => ({
              ...draft,
              objective: withParameter(draft.objective, Number(event.target.value)),
            }))
          }
        />
      </label>
      <p id={`${id}-note`} className="field-note">
        <strong className="parameter-effect">{parameter.effect(value)}</strong> {parameter.why}
        {recipeValue !== undefined && <span className="field-recipe"> The recipe has {recipeValue}.</span>}
      </p>
    </div>
  );
}

/** How the student is moved, with the number that some ways have. */
export function ObjectiveChoice({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const objective = useConfig(state => state.draft.objective);
  const { formula, why } = methodOf(objective);
  return (
    <>
      <Choice
        label="The student minimises"
        path="objective"
        why={why}
        options={OPTIONS}
        value={objective.kind}
        disabled={disabled}
        onChoose={kind => config.edit(draft => withMethod(draft, kind))}
      />
      <p className="objective-formula">
        <span className="visually-hidden">Formula: </span>
        {formula}
      </p>
      <ParameterSlider objective={objective} disabled={disabled} />
      {objective.kind === 'supervised' && (
        <Choice
          label="Answers to imitate"
          path="objective.answers"
          why="Refusals are drawn from the model under the constitution; rich answers are written by the frontier."
          options={ANSWERS}
          value={objective.answers}
          disabled={disabled}
          onChoose={answers =>
            config.edit(draft => ({ ...draft, objective: { kind: 'supervised', answers } }))
          }
        />
      )}
    </>
  );
}
