import { LabError, type Fault } from '../../contract/errors.ts';

export const ADAPTER_CONFIG = 'adapter_config.json';
export const ADAPTER_WEIGHTS = 'adapter_model.safetensors';

/** Refuses a file of an adapter's folder. @throws LabError always. */
export function refuseAdapter(
  file: typeof ADAPTER_CONFIG | typeof ADAPTER_WEIGHTS,
  refusal: Pick<Fault, 'code' | 'message'> & Partial<Fault>,
): never {
  throw new LabError({
    consequence: 'The adapter was not loaded; what was open is unchanged.',
    nextStep: 'Choose an adapter that was trained on this very model, as plain LoRA.',
    ...refusal,
    file,
  });
}
