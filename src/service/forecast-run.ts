import type { Fault } from '../contract/errors.ts';
import type { MemoryForecast } from '../protocol/model-api.ts';
import type { RunConfig } from '../settings/run-config.ts';
import type { DecoderConfig } from '../model/config.ts';
import { planMemory, type BufferLimits, type MemoryPlan } from '../run/plan-memory.ts';
import { runSize } from '../run/run-size.ts';
import type { TaskSource } from '../tasks/task.ts';

/** What a forecast needs to know about the GPU adapter. */
export interface GpuAdapterFacts {
  readonly limits: BufferLimits;
  /** Whether it computes without a graphics card. */
  readonly software: boolean;
}

/** What a run will take of GPU memory: the code that allocates it, on a device that counts. @throws RangeError as `planMemory`. */
export function forecastRun(
  model: DecoderConfig,
  config: RunConfig,
  tasks: Pick<TaskSource, 'maxPromptTokens' | 'maxTeacherPromptTokens'>,
  { limits, software }: GpuAdapterFacts,
): MemoryForecast {
  const size = runSize(config, tasks, software);
  const plan = planMemory({ ...size, config: model, storage: config.chat?.storage ?? 'f32', limits });
  return { peakBytes: plan.peakBytes, shares: plan.groups, refused: refusal(plan, config) };
}

function refusal({ broken, largest, peakBytes }: MemoryPlan, config: RunConfig): Fault | null {
  if (!broken) return null;
  const weights = largest.share === 'weights';
  return {
    code: 'E_GPU_MEMORY',
    message: `${largest.label} needs ${mebibytes(largest.bytes)} in one GPU buffer; this adapter allows ${mebibytes(broken.allowed)} (the run ${mebibytes(peakBytes)} in all)`,
    place: broken.limit,
    consequence: 'Such a run cannot start here; nothing was allocated.',
    nextStep: weights
      ? 'Store the weights in fewer bits, or choose a smaller model.'
      : config.chat?.recompute === 'never'
        ? 'Let activations be computed again, or take fewer queries a step, fewer new tokens or shorter prompts.'
        : 'Take fewer queries a step, fewer new tokens or shorter prompts.',
  };
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20).toLocaleString('en')} MiB`;
