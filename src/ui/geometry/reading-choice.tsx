import type { Reading } from '../../state/geometry-measured.ts';
import { setReading } from '../../state/geometry-store.ts';

const AXES = { withRefusals: 'full against short or refused', plain: 'full against short' } as const;
const SCALES = { whitened: 'whitened', raw: 'raw' } as const;

function Choice<T extends string>({
  name,
  labels,
  value,
  onChoose,
}: {
  readonly name: string;
  readonly labels: Readonly<Record<T, string>>;
  readonly value: T;
  onChoose(value: T): void;
}) {
  return (
    <div className="geometry-choice" role="group" aria-label={name}>
      <span aria-hidden="true">{name}</span>
      {(Object.keys(labels) as T[]).map(option => (
        <button
          key={option}
          type="button"
          className="button button-quiet"
          aria-pressed={option === value}
          onClick={() => onChoose(option)}
        >
          {labels[option]}
        </button>
      ))}
    </div>
  );
}

/** How hidden states are read. */
export function ReadingChoice({ reading: { axis, scale } }: { readonly reading: Reading }) {
  return (
    <div className="geometry-choices">
      <Choice
        {...{ name: 'Expressiveness', labels: AXES, value: axis }}
        onChoose={chosen => setReading({ axis: chosen })}
      />
      <Choice
        {...{ name: 'Geometry', labels: SCALES, value: scale }}
        onChoose={chosen => setReading({ scale: chosen })}
      />
    </div>
  );
}
