import { EXPRESSIVENESS_AXES } from '../figures/notes.ts';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import type { FigureOptions } from './compare-figures.ts';

type Choices = {
  readonly [Option in keyof FigureOptions]: {
    readonly label: string;
    readonly options: readonly (readonly [value: FigureOptions[Option], words: string])[];
  };
};

const CHOICES: Choices = {
  progress: {
    label: 'Over',
    options: (['steps', 'tokens', 'seconds'] as const).map(name => [name, name] as const),
  },
  expressiveness: { label: 'Expressiveness', options: EXPRESSIVENESS_AXES },
};

interface OptionChoiceProps<Option extends keyof FigureOptions> {
  readonly option: Option;
  readonly options: FigureOptions;
  onOptions(options: FigureOptions): void;
}

/** A figure's own choice, such as what its axis counts. */
export function OptionChoice<Option extends keyof FigureOptions>(props: OptionChoiceProps<Option>) {
  const { option, options, onOptions } = props;
  return (
    <ToggleGroup<FigureOptions[Option]>
      className="compare-option"
      labelled
      {...CHOICES[option]}
      value={options[option]}
      onChoose={chosen => onOptions({ ...options, [option]: chosen })}
    />
  );
}
