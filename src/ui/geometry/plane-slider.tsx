import { useId } from 'react';
import { fixed, percent } from '../../contract/format.ts';
import { signed } from '../../state/geometry/plane-words.ts';
import {
  correlationOf,
  snapped,
  type PlaneField,
  type PlaneSettings,
} from '../../state/geometry/plane-settings.ts';
import { setPlane } from '../../state/geometry/geometry-store.ts';
import { FieldFrame } from '../setup/field-frame.tsx';
import { keyedValue } from './plane-handle.tsx';

/** The angle with what it comes to. */
export const angleText = (settings: PlaneSettings): string =>
  `${fixed(settings.angle, 0)}°, ρ = cos φ = ${signed(correlationOf(settings))}`;

const TEXTS: Readonly<Record<PlaneField['name'], (settings: PlaneSettings) => string>> = {
  angle: angleText,
  boundary: ({ boundary }) => `${signed(boundary)} σ`,
  hardness: ({ hardness, hard }) => (hard ? 'hard: k = ∞' : `${hardness} per σ`),
  calibration: ({ calibration }) => percent(calibration),
};

/** A number of the model: a slider that keys move along the grid of its values. */
export function PlaneSlider({
  field,
  settings,
  disabled = false,
}: {
  readonly field: PlaneField;
  readonly settings: PlaneSettings;
  readonly disabled?: boolean;
}) {
  const id = useId();
  const { name, label, unit, why, range, low, high } = field;
  const value = settings[name];
  const words = TEXTS[name](settings);
  return (
    <FieldFrame id={id} label={label} unit={unit} why={why} range={range} stacked>
      <div className="plane-slider">
        <input
          id={id}
          type="range"
          min={low}
          max={high}
          // The presets’ angle lies between two steps.
          step="any"
          value={value}
          disabled={disabled}
          aria-valuetext={words}
          aria-describedby={`${id}-note`}
          onChange={event => setPlane({ [name]: snapped(field, event.target.valueAsNumber) })}
          onKeyDown={event => {
            const next = keyedValue(field, value, event.key);
            if (next === null) return;
            event.preventDefault();
            setPlane({ [name]: next });
          }}
        />
        <output htmlFor={id}>{words}</output>
      </div>
    </FieldFrame>
  );
}
