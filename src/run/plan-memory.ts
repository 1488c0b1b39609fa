import type { MemoryForecast } from '../protocol/model-api.ts';
import { countingDevice } from '../gpu/counting-device.ts';
import { Gpu } from '../gpu/gpu.ts';
import type { HeldBuffer } from '../gpu/memory.ts';
import type { DecoderConfig } from '../model/config.ts';
import { TABLES, decoderLayout } from '../model/decoder-parameters.ts';
import { FrozenWeights } from '../model/frozen-weights.ts';
import { ParameterSet, type WeightStore } from '../model/parameters.ts';
import type { WeightStorage } from '../model/weight-storage.ts';
import { allocateRun, type RunSize } from './allocate-run.ts';
import { frozenModel } from '../learn/policy.ts';

/** An adapter's limits on single buffers, in bytes. */
export interface BufferLimits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
}

/** A run to forecast. */
export interface PlannedRun extends RunSize {
  readonly config: DecoderConfig;
  /** How the frozen weights are stored; full fine-tuning needs f32. */
  readonly storage: WeightStorage;
  readonly limits: BufferLimits;
}

export interface MemoryPlan {
  /** Peak bytes: a run allocates at its start and frees at its end. */
  readonly peakBytes: number;
  readonly groups: MemoryForecast['shares'];
  readonly largest: HeldBuffer;
  /** The limit that the largest buffer exceeds, if any: the run cannot start then. */
  readonly broken: { readonly limit: keyof BufferLimits; readonly allowed: number } | null;
}

/**
 * Forecasts a run's GPU memory before anything is allocated: the allocating code runs on a device that only counts. Not included: readback
 * buffers, Cross-SFT before the run, onnxruntime's models, and the driver's own memory.
 * @throws RangeError for full fine-tuning of a base that is not f32, or when 64 rows of a table exceed a binding.
 */
export function planMemory(run: PlannedRun): MemoryPlan {
  const gpu = new Gpu(countingDevice());
  const { memory } = gpu;
  const base = memory.within('weights', () => frozenModel(gpu, memory, run.config, weightsOf(gpu, run)));
  const { learner } = allocateRun(gpu, memory, base, run, { normal: () => 0, openings: [0] });
  if (run.ownTeacher)
    memory.within('learner', () => new ParameterSet(memory, 'teacher', learner.trainable.layout));
  const groups = { weights: 0, learner: 0, activations: 0, cache: 0, logits: 0 };
  for (const { share, bytes } of memory.held) groups[share] += bytes;
  const largest = memory.held.reduce((most, buffer) => (buffer.bytes > most.bytes ? buffer : most));
  return { peakBytes: memory.peakBytes, groups, largest, broken: brokenBy(largest, run.limits) };
}

function weightsOf(gpu: Gpu, { config, storage, limits }: PlannedRun): WeightStore {
  const bindingLimit = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  return new FrozenWeights(gpu, gpu.memory, decoderLayout(config), {
    storage,
    tables: TABLES,
    bindingLimit,
  });
}

function brokenBy({ bytes }: HeldBuffer, limits: BufferLimits): MemoryPlan['broken'] {
  for (const limit of ['maxStorageBufferBindingSize', 'maxBufferSize'] as const)
    if (bytes > limits[limit]) return { limit, allowed: limits[limit] };
  return null;
}
