import { LabError } from '../../contract/errors.ts';

export interface ModelTextRefusal {
  readonly code: `E_TOKENIZER_${string}` | `E_TEMPLATE_${string}` | `E_PROMPT_${string}`;
  readonly message: string;
  readonly file?: string;
  readonly place?: string | undefined;
  readonly nextStep: string;
}

const TAKE_FROM_MODEL =
  'Take tokenizer.json, tokenizer_config.json and the chat template from one model folder.';

/** Refuses a model's tokenizer or chat template. */
export function refuseText(
  { code, message, file, place, nextStep }: Omit<ModelTextRefusal, 'nextStep'> & { nextStep?: string },
  cause?: unknown,
): never {
  throw new LabError(
    {
      code,
      message,
      consequence: 'The model was not opened.',
      nextStep: nextStep ?? TAKE_FROM_MODEL,
      ...(file === undefined ? {} : { file }),
      ...(place === undefined ? {} : { place }),
    },
    cause,
  );
}

const LONGEST_REASON = 300;

/** A library's error message, shortened for display. */
export const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').slice(0, LONGEST_REASON);
