import { useId, type ReactNode } from 'react';

interface FieldFrameProps {
  readonly id: string;
  readonly label: string;
  readonly unit?: string | undefined;
  readonly why: string;
  readonly range?: string;
  /** Takes effect in a run that goes on. */
  readonly live?: boolean;
  readonly problem?: string | undefined;
  /** What the recipe has, where that was changed. */
  readonly recipeValue?: string | undefined;
  /** The control takes a line of its own. */
  readonly stacked?: boolean;
  readonly children: ReactNode;
}

/** “must be at least 1” wants the setting's name before it; other problems are sentences. */
export function problemText(label: string, problem: string): string {
  const sentence = /^(must|choose|give) /.test(problem) ? `${label} ${problem}` : problem;
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

/** What the recipe has of a setting that was changed. */
export const RecipeNote = ({ value }: { readonly value: string | undefined }) =>
  value === undefined ? null : <span className="field-recipe"> The recipe has {value}.</span>;

/** A setting: name and unit, its control, and below it why one would change it, or what is wrong with it. */
export function FieldFrame(props: FieldFrameProps) {
  const { id, label, unit, why, range, live, problem, recipeValue, stacked, children } = props;
  return (
    <div className={recipeValue === undefined ? 'field' : 'field field-changed'}>
      <div className={stacked ? 'field-line field-stacked' : 'field-line'}>
        <label htmlFor={id}>
          {label} {unit && <span className="field-unit">{unit}</span>}
          {live && <span className="field-live">live</span>}
        </label>
        {children}
      </div>
      <p id={`${id}-note`} className={problem ? 'field-note field-problem' : 'field-note'}>
        {problem ? `${problemText(label, problem)}${range ? ` Range: ${range}.` : ''}` : why}
        {!problem && range && <span className="visually-hidden"> Range: {range}.</span>}
        <RecipeNote value={recipeValue} />
      </p>
    </div>
  );
}

interface Option<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly group?: string;
}

interface ChoiceProps<T extends string> extends Pick<
  FieldFrameProps,
  'label' | 'why' | 'recipeValue' | 'problem'
> {
  /** Those of a group stand together under its title. */
  readonly options: readonly Option<T>[];
  readonly value: T;
  readonly disabled: boolean;
  /** Short enough to stand beside its label. */
  readonly short?: boolean;
  onChoose(value: T): void;
}

/** A setting with a few named values. */
export function Choice<T extends string>(props: ChoiceProps<T>) {
  const { options, value, disabled, short = false, onChoose, ...words } = props;
  const id = useId();
  const titles = [...new Set(options.map(({ group }) => group))];
  const entries = (title: string | undefined) =>
    options
      .filter(({ group }) => group === title)
      .map(option => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ));
  return (
    <FieldFrame id={id} {...words} stacked={!short}>
      <select
        id={id}
        className={short ? 'select field-select' : 'select'}
        disabled={disabled}
        aria-describedby={`${id}-note`}
        value={value}
        // Only options of `T` can be chosen.
        onChange={event => onChoose(event.target.value as T)}
      >
        {titles.map(title =>
          title === undefined ? (
            entries(title)
          ) : (
            <optgroup key={title} label={title}>
              {entries(title)}
            </optgroup>
          ),
        )}
      </select>
    </FieldFrame>
  );
}
