import { useId, useState } from 'react';
import { formatNumber } from '../../contract/format.ts';
import { optionOf } from '../../settings/field.ts';
import type { ChoiceField, Field, ListField, NumberField, SwitchField } from '../../settings/fields.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';
import { useRecipeValue } from './changed-settings.ts';
import { Choice, FieldFrame, problemText, RecipeNote } from './field-frame.tsx';

export interface SettingProps<F extends Field = Field> {
  readonly field: F;
  readonly disabled: boolean;
}

export const controlLabel = ({ words }: Field): string => words.control ?? words.label;

const useProblem = (path: string): string | undefined =>
  useConfig(state => state.problems.find(problem => problem.path === path)?.message);

const parse = (text: string): number => (text.trim() === '' ? NaN : Number(text.trim().replace(',', '.')));

/** A number of the settings with its unit, range and reason. What is typed stays as typed until the field is left. */
function NumberInput({ field, disabled }: SettingProps<NumberField>) {
  const { config } = useLab();
  const { words, path, range, increment } = field;
  const id = useId();
  const value = useConfig(state => field.get(state.draft));
  const problem = useProblem(path);
  const [typed, setTyped] = useState<string | null>(null);

  const put = (number: number): void => config.edit(draft => field.set(draft, number));
  const nudge = (direction: 1 | -1): void => {
    const next = Number((value + direction * increment).toPrecision(10));
    if (Number.isFinite(next)) put(Math.max(0, next));
    setTyped(null);
  };

  return (
    <FieldFrame
      id={id}
      label={controlLabel(field)}
      unit={words.unit}
      why={words.why}
      range={range}
      live={words.live ?? false}
      problem={problem}
      recipeValue={useRecipeValue(path)}
    >
      <input
        id={id}
        className="input field-number"
        type="text"
        inputMode="decimal"
        autoComplete="off"
        spellCheck={false}
        disabled={disabled}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-note`}
        value={typed ?? (Number.isNaN(value) ? '' : formatNumber(value).replaceAll(',', ''))}
        onChange={event => {
          setTyped(event.target.value);
          put(parse(event.target.value));
        }}
        onBlur={() => {
          if (!problem) setTyped(null);
        }}
        onKeyDown={event => {
          if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
          event.preventDefault();
          nudge(event.key === 'ArrowUp' ? 1 : -1);
        }}
      />
    </FieldFrame>
  );
}

/** A setting that is on or off, with its reason. */
function SwitchInput({ field, disabled }: SettingProps<SwitchField>) {
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
        {controlLabel(field)}
      </label>
      <p id={`${id}-note`} className="field-note">
        {field.words.why}
        <RecipeNote value={recipeValue} />
      </p>
    </div>
  );
}

/** One of some names; those without words of their own are short, and stand beside the label. */
function ChoiceInput({ field, disabled }: SettingProps<ChoiceField>) {
  const { config } = useLab();
  const { words, choices } = field;
  const value = useConfig(state => field.get(state.draft));
  const { why = words.why, formula } = optionOf(words, value);
  return (
    <>
      <Choice
        label={controlLabel(field)}
        why={why}
        problem={useProblem(field.path)}
        recipeValue={useRecipeValue(field.path)}
        options={choices.map(name => ({ value: name, ...optionOf(words, name) }))}
        value={value}
        disabled={disabled}
        short={!words.options}
        onChoose={name => config.edit(draft => field.set(draft, name))}
      />
      {formula && (
        <p className="objective-formula">
          <span className="visually-hidden">Formula: </span>
          {formula}
        </p>
      )}
    </>
  );
}

/** Any of some names. */
function ListInput({ field, disabled }: SettingProps<ListField>) {
  const { config } = useLab();
  const chosen = useConfig(state => field.get(state.draft));
  const problem = useProblem(field.path);
  const recipeValue = useRecipeValue(field.path);
  const { choices, words } = field;
  return (
    <fieldset className="targets" disabled={disabled}>
      <legend>{controlLabel(field)}</legend>
      {choices.map(name => (
        <label key={name} className="target">
          <input
            type="checkbox"
            checked={chosen.includes(name)}
            onChange={event => {
              const on = event.target.checked;
              config.edit(draft =>
                field.set(
                  draft,
                  choices.filter(each => (each === name ? on : field.get(draft).includes(each))),
                ),
              );
            }}
          />
          {optionOf(words, name).label}
        </label>
      ))}
      <p className={problem ? 'field-note field-problem' : 'field-note'}>
        {problem ? problemText(words.label, problem) : words.why}
        <RecipeNote value={recipeValue} />
      </p>
    </fieldset>
  );
}

/** The control of a setting, by what the schema has for it; parts and texts have editors of their own, or none. */
export function Setting({ field, disabled }: SettingProps) {
  switch (field.kind) {
    case 'number':
      return <NumberInput field={field} disabled={disabled} />;
    case 'switch':
      return <SwitchInput field={field} disabled={disabled} />;
    case 'choice':
      return <ChoiceInput field={field} disabled={disabled} />;
    case 'list':
      return <ListInput field={field} disabled={disabled} />;
    case 'text':
    case 'part':
      return null;
  }
}
