import { useId } from 'react';
import { FieldFrame } from './field-frame.tsx';
import { useRecipeValue } from './changed-settings.ts';

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
}

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly path: string;
  readonly why: string;
  /** One list, or several under titles of their own. */
  readonly options: readonly Option<T>[] | readonly { title: string; options: readonly Option<T>[] }[];
  readonly value: T;
  readonly disabled: boolean;
  onChoose(value: T): void;
}

/** A setting with a few named values. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { label, path, why, options, value, disabled, onChoose } = props;
  const id = useId();
  const recipeValue = useRecipeValue(path);
  const entries = (list: readonly Option<T>[]) =>
    list.map(option => (
      <option key={option.value} value={option.value}>
        {option.label}
      </option>
    ));
  return (
    <FieldFrame id={id} label={label} why={why} recipeValue={recipeValue} stacked>
      <select
        id={id}
        className="select"
        disabled={disabled}
        aria-describedby={`${id}-note`}
        value={value}
        // Only options of `T` can be chosen.
        onChange={event => onChoose(event.target.value as T)}
      >
        {options.map(entry =>
          'options' in entry ? (
            <optgroup key={entry.title} label={entry.title}>
              {entries(entry.options)}
            </optgroup>
          ) : (
            entries([entry])
          ),
        )}
      </select>
    </FieldFrame>
  );
}
