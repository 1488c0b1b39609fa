import { LabError, type Fault } from '../contract/errors.ts';
import { NoGpuError } from '../gpu/device.ts';
import { OutOfGpuMemoryError } from '../gpu/memory.ts';
import { DeviceLostError } from '../gpu/readback.ts';
import { UnsupportedConfigError } from '../model/config.ts';

/** Whether an error means that the device is gone, not that something was asked wrongly of it. */
export const isDeviceLost = (error: unknown): error is Error => error instanceof DeviceLostError;

/** The device was lost, and the run goes on by itself from the weights after `step`. */
export const describeReturn = (error: Error, step: number): Fault => ({
  code: 'E_GPU_LOST',
  message: error.message,
  consequence: `The run went on by itself, on a new device, from the weights after step ${step}; steps after that are repeated.`,
  nextStep: 'If it happens again, the run stops: close other pages that use the GPU.',
});

/** What an error means where it was met: only who was at work knows what came of it. */
interface Meaning {
  readonly consequence: string;
  /** What to do where the error itself says nothing better. */
  readonly nextStep: string;
  readonly afterLoss: string;
}

/** Of a single call: runs go on beside it, and report their own end. */
const REQUEST: Meaning = {
  consequence: 'The request was not carried out; a run in progress reports for itself.',
  nextStep: 'Try again; if it fails in the same way, please report it with this message.',
  afterLoss:
    'Try again: a new device is opened then. If it happens again, close other pages that use the GPU.',
};

/** Says of any error what it means for the person. */
export function describeFailure(error: unknown, meaning: Partial<Meaning> = {}): Fault {
  if (error instanceof LabError) return error.fault;
  const { consequence, nextStep, afterLoss } = { ...REQUEST, ...meaning };
  const message = messageOf(error);
  if (error instanceof DeviceLostError)
    return { code: 'E_GPU_LOST', message, consequence, nextStep: afterLoss };
  if (error instanceof OutOfGpuMemoryError)
    return {
      code: 'E_GPU_MEMORY',
      message,
      consequence,
      nextStep: 'Take fewer queries a step, fewer new tokens, or a smaller model.',
    };
  if (error instanceof NoGpuError)
    return {
      code: error.code,
      message,
      consequence: 'Nothing can be trained here; recorded runs can be replayed.',
      nextStep: 'Open the page in a browser with WebGPU, with graphics acceleration switched on.',
    };
  if (error instanceof UnsupportedConfigError)
    return {
      code: 'E_MODEL_CONFIG',
      message,
      file: 'config.json',
      consequence: 'The model was not opened.',
      nextStep: 'Choose a Llama, Qwen2 or Qwen3 model in Hugging Face’s layout.',
    };
  return { code: 'E_UNEXPECTED', message, consequence, nextStep };
}

/**
 * Says why a run ended.
 * @param keptStep the step whose weights are kept, if any are
 * @param again whether the device had been lost before and the run had come back from it
 */
export function describeRunFailure(error: unknown, keptStep?: number, again = false): Fault {
  const weights = keptStep === undefined ? '' : `, and so are the weights after step ${keptStep}`;
  const consequence = `The run ended; what was recorded is kept${weights}.`;
  if (again && (error instanceof DeviceLostError || error instanceof NoGpuError))
    return {
      code: 'E_GPU_LOST',
      message:
        error instanceof NoGpuError
          ? `the GPU was lost and did not recover: ${error.message}`
          : `${error.message}, for the second time in this run`,
      consequence,
      nextStep: 'Reload the page, which gives the browser a new start, and resume the run there.',
    };
  return describeFailure(error, {
    consequence,
    nextStep: 'Start the run again; if it fails in the same way, please report it with the run’s receipt.',
    afterLoss:
      'Recover the run on a new device. If it happens again, close other pages that use the GPU, or reload.',
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
