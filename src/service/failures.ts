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
  consequence: `The run went on by itself, on a new device, from the weights after step ${step}; steps after that are taken again.`,
  nextStep: 'If it happens again, the run stops: close other pages that use the GPU.',
});

/**
 * Says of any error what it means for the person.
 * @param keptStep the step whose weights are kept, if any are
 * @param again whether the device had been lost before and the run had come back from it
 */
export function describeFailure(error: unknown, keptStep?: number, again = false): Fault {
  if (error instanceof LabError) return error.fault;
  const message = error instanceof Error ? error.message : String(error);
  if (again && (error instanceof DeviceLostError || error instanceof NoGpuError))
    return {
      code: 'E_GPU_LOST',
      message:
        error instanceof NoGpuError
          ? `the GPU was lost and did not come back: ${message}`
          : `${message}, for the second time in this run`,
      consequence: `The run ended; what was recorded is kept, and so are the weights after step ${keptStep}.`,
      nextStep: 'Reload the page, which gives the browser a new start, and resume the run there.',
    };
  const kept =
    keptStep === undefined
      ? 'The run ended; what was recorded is kept.'
      : `The run ended; what was recorded is kept, and so are the weights after step ${keptStep}.`;
  if (error instanceof DeviceLostError)
    return {
      code: 'E_GPU_LOST',
      message,
      consequence: kept,
      nextStep:
        'Recover the run on a new device. If it happens again, close other pages that use the GPU, or reload.',
    };
  if (error instanceof OutOfGpuMemoryError)
    return {
      code: 'E_GPU_MEMORY',
      message,
      consequence: kept,
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
  return {
    code: 'E_UNEXPECTED',
    message,
    consequence: kept,
    nextStep: 'Start the run again; if it fails in the same way, please report it with the run’s receipt.',
  };
}
