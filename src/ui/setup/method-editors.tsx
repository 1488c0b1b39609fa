import { useId } from 'react';
import { withAdapter } from '../../settings/choices.ts';
import { SHIPPED_TEACHERS } from '../../settings/default-config.ts';
import type { NumberField, TextField } from '../../settings/fields.ts';
import { objectiveOf } from '../../settings/objectives.ts';
import { FaultCard } from '../faults/fault-card.tsx';
import { FileChooser } from '../shared/file-chooser.tsx';
import { useConfig, useLab, useTeachers } from '../shared/lab-context.ts';
import { useRecipeValue } from './changed-settings.ts';
import { Choice, RecipeNote } from './field-frame.tsx';
import { controlLabel, type SettingProps } from './setting.tsx';

/** β, λ or α: its slider, what it weighs, and what it does at this value. */
export function ObjectiveNumber({ field, disabled }: SettingProps<NumberField>) {
  const { config } = useLab();
  const id = useId();
  const value = useConfig(state => field.get(state.draft));
  const descriptor = useConfig(state => objectiveOf(state.draft.objective.kind));
  const recipeValue = useRecipeValue(field.path);
  const { slider: [low, high] = [0, 1] } = field.words;
  return (
    <div className={recipeValue === undefined ? 'field' : 'field field-changed'}>
      <label className="parameter">
        <span>
          {field.words.label} <span>{value.toFixed(2)}</span>
        </span>
        <input
          type="range"
          min={low}
          max={high}
          step={field.increment}
          value={value}
          disabled={disabled}
          aria-describedby={`${id}-note`}
          onChange={event => config.edit(draft => field.set(draft, Number(event.target.value)))}
        />
      </label>
      <p id={`${id}-note`} className="field-note">
        <strong className="parameter-effect">{'effect' in descriptor && descriptor.effect(value)}</strong>{' '}
        {field.words.why}
        <RecipeNote value={recipeValue} />
      </p>
    </div>
  );
}

/** A model beside the student: one that ships with the page, or one that was brought here. */
export function OutsideModel({ field, disabled }: SettingProps<TextField>) {
  const { config } = useLab();
  const added = useTeachers(state => state.added);
  const model = useConfig(state => field.get(state.draft));
  const known = [
    ...SHIPPED_TEACHERS,
    ...added.map(name => ({ name, label: `${name.replace(/^own: /, '')}, added here` })),
  ];
  const unknown = known.some(({ name }) => name === model) ? [] : [{ name: model, label: model }];
  return (
    <Choice
      label={controlLabel(field)}
      why={field.words.why}
      recipeValue={useRecipeValue(field.path)}
      options={[...known, ...unknown].map(({ name, label }) => ({ value: name, label }))}
      value={model}
      disabled={disabled}
      onChoose={chosen => config.edit(draft => field.set(draft, chosen))}
    />
  );
}

/** The model that teaches from outside, with the way in for one's own: its folder, or its files. */
export function TeacherModel({ field, disabled }: SettingProps<TextField>) {
  const { teachers } = useLab();
  const adding = useTeachers(state => state.adding);
  const fault = useTeachers(state => state.fault);
  const shared = { disabled: disabled || adding, onChoose: teachers.add };
  return (
    <>
      <OutsideModel field={field} disabled={disabled} />
      <div className="add-teacher">
        <p className="field-note">
          Your own model: config.json, tokenizer.json and one .onnx file, with the student’s tokenizer. It
          stays on this computer.
        </p>
        <div className="add-teacher-ways">
          <FileChooser label="Choose folder" files="Teacher’s folder" folder {...shared} />
          <FileChooser label="Choose files" files="Teacher’s files" accept=".json,.onnx" {...shared} />
          {adding && <span role="status">Reading and checking the model</span>}
        </div>
        {fault && <FaultCard fault={fault} onDismiss={teachers.dismiss} />}
      </div>
    </>
  );
}

/** What Cross-SFT is, above its settings. */
export const CalibrationNote = ({ field }: SettingProps) => <p className="field-note">{field.words.why}</p>;

const WEIGHTS = [
  { value: 'all', label: 'all' },
  { value: 'lora', label: 'LoRA adapter' },
] as const;

/** Whether all weights are trained or an adapter. */
export function WeightsChoice({ field, disabled }: SettingProps) {
  const { config } = useLab();
  const lora = useConfig(state => state.draft.lora !== null);
  return (
    <Choice
      short
      label={controlLabel(field)}
      why={field.words.why}
      recipeValue={useRecipeValue(field.path)}
      options={WEIGHTS}
      value={lora ? 'lora' : 'all'}
      disabled={disabled}
      onChoose={chosen => config.edit(draft => withAdapter(draft, chosen === 'lora'))}
    />
  );
}
