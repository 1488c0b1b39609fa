import { MODELS } from '../../contract/default-config.ts';
import { useConfig, useLab } from '../shared/lab-context.ts';
import { Choice } from './choice.tsx';

/** The model that is trained, and whose base teaches. */
export function ModelChoice({ disabled }: { readonly disabled: boolean }) {
  const { config } = useLab();
  const model = useConfig(state => state.draft.model);
  const known = MODELS.find(({ name }) => name === model);
  const options = [...(known ? [] : [{ name: model, label: model }]), ...MODELS];
  return (
    <Choice
      label="Student"
      path="model"
      why={known?.detail ?? 'not among the models of this page'}
      options={options.map(({ name, label }) => ({ value: name, label: label }))}
      value={model}
      disabled={disabled}
      onChoose={chosen => config.edit(draft => ({ ...draft, model: chosen }))}
    />
  );
}
