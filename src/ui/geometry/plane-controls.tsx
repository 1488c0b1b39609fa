import { useId } from 'react';
import { planeField, type PlaneDivergence, type PlaneSettings } from '../../state/geometry/plane-settings.ts';
import { setPlane } from '../../state/geometry/geometry-store.ts';
import { FieldFrame } from '../setup/field-frame.tsx';
import { AngleDial } from './angle-dial.tsx';
import { PlaneSlider } from './plane-slider.tsx';

const DIVERGENCES: Readonly<Record<PlaneDivergence, string>> = {
  'forward-kl': 'Forward KL',
  'reverse-kl': 'Reverse KL',
  frozen: 'Reverse KL, covariance frozen',
};

/** Everything that can be set of the model. */
export function PlaneControls({ settings }: { readonly settings: PlaneSettings }) {
  const id = useId();
  const { divergence, modes, hard, angle } = settings;
  const two = modes === 2;
  return (
    <div className="plane-controls">
      <div className="plane-angle">
        <PlaneSlider field={planeField('angle')} settings={settings} />
        <AngleDial angle={angle} />
      </div>
      <FieldFrame
        id={`${id}-modes`}
        label="Teacher"
        why={
          two
            ? 'Two hills beyond the boundary: safe and short, safe and rich. The student is a softmax over the cells of the plane.'
            : 'The base, weighed by how safe an answer is. The student is a Gaussian.'
        }
      >
        <select
          id={`${id}-modes`}
          className="select field-select"
          aria-describedby={`${id}-modes-note`}
          value={modes}
          onChange={event => setPlane({ modes: event.target.value === '2' ? 2 : 1 })}
        >
          <option value={1}>one mode</option>
          <option value={2}>two modes</option>
        </select>
      </FieldFrame>
      <FieldFrame
        id={`${id}-divergence`}
        label="Divergence"
        why="Forward KL weighs by the teacher’s mass, reverse KL by the student’s own."
        stacked
      >
        <select
          id={`${id}-divergence`}
          className="select"
          aria-describedby={`${id}-divergence-note`}
          value={divergence}
          onChange={event => setPlane({ divergence: event.target.value as PlaneDivergence })}
        >
          {Object.entries(DIVERGENCES).map(([name, label]) => (
            <option key={name} value={name} disabled={two && name === 'frozen'}>
              {label}
            </option>
          ))}
        </select>
      </FieldFrame>
      <PlaneSlider field={planeField('boundary')} settings={settings} />
      <PlaneSlider field={planeField('hardness')} settings={settings} disabled={two || hard} />
      <label className="switch plane-hard">
        <input
          type="checkbox"
          checked={hard}
          disabled={two}
          onChange={event => setPlane({ hard: event.target.checked })}
        />
        Hard boundary: the teacher never gives an unsafe answer
      </label>
      <PlaneSlider field={planeField('calibration')} settings={settings} />
    </div>
  );
}
