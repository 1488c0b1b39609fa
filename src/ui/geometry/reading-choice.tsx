import type { Reading } from '../../state/geometry/measured.ts';
import { setReading } from '../../state/geometry/geometry-store.ts';
import { EXPRESSIVENESS_AXES } from '../figures/notes.ts';
import { ToggleGroup } from '../shared/toggle-group.tsx';

/** How hidden states are read. */
export function ReadingChoice({ reading: { axis, scale } }: { readonly reading: Reading }) {
  return (
    <div className="geometry-choices">
      <ToggleGroup
        className="geometry-choice"
        label="Expressiveness"
        labelled
        options={EXPRESSIVENESS_AXES}
        value={axis}
        onChoose={chosen => setReading({ axis: chosen })}
      />
      <ToggleGroup
        className="geometry-choice"
        label="Geometry"
        labelled
        options={[
          ['whitened', 'whitened'],
          ['raw', 'raw'],
        ]}
        value={scale}
        onChoose={chosen => setReading({ scale: chosen })}
      />
    </div>
  );
}
