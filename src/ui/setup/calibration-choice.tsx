import { CALIBRATION_FIELDS } from '../../settings/method-fields.ts';
import { CALIBRATION_SWITCHES } from '../../settings/switch-fields.ts';
import { useConfig } from '../shared/lab-context.ts';
import { Numbers } from './group.tsx';
import { SwitchInput } from './switch-input.tsx';
import { OutsideModel } from './teacher-choice.tsx';

/** How the teacher is calibrated before the run. */
export function CalibrationChoice({ disabled }: { readonly disabled: boolean }) {
  const calibration = useConfig(state => state.draft.calibration);
  if (!calibration) return null;
  return (
    <>
      <p className="field-note">
        Before step 1 a copy of the model learns to answer well with the constitution in its context; then it
        teaches.
      </p>
      {CALIBRATION_SWITCHES.map(field => (
        <SwitchInput key={field.path} field={field} disabled={disabled} />
      ))}
      <OutsideModel
        label="Safety answers by"
        path="calibration.frontier"
        why="Writes the safe, rich answers to harmful queries, reading the constitution."
        model={calibration.frontier}
        disabled={disabled}
        put={(draft, frontier) =>
          draft.calibration ? { ...draft, calibration: { ...draft.calibration, frontier } } : draft
        }
      />
      <Numbers fields={CALIBRATION_FIELDS} disabled={disabled} />
    </>
  );
}
