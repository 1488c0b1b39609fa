import type { ReactNode } from 'react';

interface ToggleGroupProps<T extends string> {
  /** What is chosen, for screen readers. */
  readonly label: string;
  /** The same for those who see it, where nothing else says it. */
  readonly labelled?: boolean;
  readonly className: string;
  readonly buttonClass?: string;
  readonly options: readonly (readonly [value: T, words: ReactNode])[];
  readonly value: NoInfer<T> | null | undefined;
  onChoose(value: NoInfer<T>): void;
  /** Behind the options. */
  readonly children?: ReactNode;
}

/** One of a few, as buttons in a row. */
export function ToggleGroup<T extends string>(props: ToggleGroupProps<T>) {
  const { label, labelled, className, buttonClass = 'button button-quiet', options, value, onChoose } = props;
  return (
    <div className={className} role="group" aria-label={label}>
      {labelled && <span aria-hidden="true">{label}</span>}
      {options.map(([option, words]) => (
        <button
          key={option}
          type="button"
          className={buttonClass}
          aria-pressed={option === value}
          onClick={() => onChoose(option)}
        >
          {words}
        </button>
      ))}
      {props.children}
    </div>
  );
}
