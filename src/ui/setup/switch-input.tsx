import { useId } from 'react';
import type { SwitchField } from '../../settings/switch-fields.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';
import { useRecipeValue } from './changed-settings.ts';

interface SwitchInputProps {
  readonly field: SwitchField;
  readonly disabled: boolean;
}

/** A setting that is on or off, with its reason. */
export function SwitchInput({ field, disabled }: SwitchInputProps) {
  const { config } = useLab();
  const id = useId();
  const on = useConfig(state => field.get(state.draft));
  const recipeValue = useRecipeValue(field.path);
  return (
    <div className={recipeValue === undefined ? 'field' : 'field field-changed'}>
      <label className="switch">
        <input
          type="checkbox"
          checked={on}
          disabled={disabled}
          aria-describedby={`${id}-note`}
          onChange={event => config.edit(draft => field.set(draft, event.target.checked))}
        />
        {field.label}
      </label>
      <p id={`${id}-note`} className="field-note">
        {field.why}
        {recipeValue !== undefined && <span className="field-recipe"> The recipe has {recipeValue}.</span>}
      </p>
    </div>
  );
}
