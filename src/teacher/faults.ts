import { LabError } from '../contract/errors.ts';

const CONSEQUENCE = 'The teacher was not opened; your run and your model are unchanged.';

/** A file of an external model that cannot serve as a teacher: `file` is its name, `place` where it is wrong. */
export function onnxFault(file: string, message: string, place?: string, cause?: unknown): LabError {
  return new LabError(
    {
      code: 'E_TEACHER_ONNX',
      message,
      file,
      ...(place === undefined ? {} : { place }),
      consequence: CONSEQUENCE,
      nextStep:
        'Choose a text-generation model that was exported to ONNX with a KV cache, as models for transformers.js are, with the config.json beside it.',
    },
    cause,
  );
}

/** A run of an external model that failed after it was opened. */
export function runFault(file: string, cause: unknown): LabError {
  return new LabError(
    {
      code: 'E_TEACHER_ONNX',
      message: `the model failed while it computed: ${firstLine(cause)}`,
      file,
      consequence: 'Nothing was scored or written by the teacher in this step.',
      nextStep: 'Take fewer or shorter queries a step, or a smaller teacher.',
    },
    cause,
  );
}

export function tokenizerFault(message: string, place: string): LabError {
  return new LabError({
    code: 'E_TEACHER_TOKENIZER',
    message,
    file: 'tokenizer.json',
    place,
    consequence: `Token by token, such a teacher would grade other words than the student wrote. ${CONSEQUENCE}`,
    nextStep: 'Choose a teacher of the same family as the student, with the very same tokenizer.',
  });
}

export function deadFault(teacher: string, message: string, place: string): LabError {
  return new LabError({
    code: 'E_TEACHER_DEAD',
    message,
    file: teacher,
    place,
    consequence: 'There is nothing to learn from such a teacher, so the run was not started.',
    nextStep: 'Check that the weights are those of a trained model, or choose another teacher.',
  });
}

/** An error's first line, without the runtime's stack. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('\n', 1)[0]!.slice(0, 300);
}
