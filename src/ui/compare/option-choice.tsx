import type { FigureOptions } from './compare-figures.ts';

interface Choice {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

const CHOICES: Readonly<Record<keyof FigureOptions, Choice>> = {
  progress: { name: 'Over', labels: { steps: 'steps', tokens: 'tokens', seconds: 'seconds' } },
  expressiveness: {
    name: 'Expressiveness',
    labels: { withRefusals: 'full against short or refused', plain: 'full against short' },
  },
};

interface OptionChoiceProps {
  readonly option: keyof FigureOptions;
  readonly options: FigureOptions;
  onOptions(options: FigureOptions): void;
}

/** A figure's own choice, such as what its axis counts. */
export function OptionChoice({ option, options, onOptions }: OptionChoiceProps) {
  const { name, labels } = CHOICES[option];
  return (
    <div className="compare-option" role="group" aria-label={name}>
      <span aria-hidden="true">{name}</span>
      {Object.entries(labels).map(([value, label]) => (
        <button
          key={value}
          type="button"
          className="button button-quiet"
          aria-pressed={options[option] === value}
          onClick={() => onOptions({ ...options, [option]: value })}
        >
          {label}
        </button>
      ))}
    </div>
  );
}
