import { EXPRESSIVENESS_AXES } from '../figures/notes.ts';
import { ToggleGroup } from '../shared/toggle-group.tsx';
import type { FigureOptions } from './compare-figures.ts';

const PROGRESS = (['steps', 'tokens', 'seconds'] as const).map(name => [name, name] as const);

interface OptionChoiceProps {
  readonly option: keyof FigureOptions;
  readonly options: FigureOptions;
  onOptions(options: FigureOptions): void;
}

/** A figure's own choice, such as what its axis counts. */
export function OptionChoice({ option, options, onOptions }: OptionChoiceProps) {
  return option === 'progress' ? (
    <ToggleGroup
      className="compare-option"
      label="Over"
      labelled
      options={PROGRESS}
      value={options.progress}
      onChoose={progress => onOptions({ ...options, progress })}
    />
  ) : (
    <ToggleGroup
      className="compare-option"
      label="Expressiveness"
      labelled
      options={EXPRESSIVENESS_AXES}
      value={options.expressiveness}
      onChoose={expressiveness => onOptions({ ...options, expressiveness })}
    />
  );
}
