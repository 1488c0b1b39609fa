import { Gpu } from './gpu.ts';

/** Why no device is available; `code` is stable, the message says what to do. */
export class NoGpuError extends Error {
  override readonly name = 'NoGpuError';
  readonly code: 'E_WEBGPU_MISSING' | 'E_WEBGPU_ADAPTER' | 'E_WEBGPU_DEVICE';
  constructor(code: NoGpuError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Limits that larger models need: requested at the adapter's maximum. */
const WANTED = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
] as const;

/**
 * Opens a device with the adapter's maximum of the limits that matter.
 * @throws NoGpuError when there is no WebGPU, no adapter or no device.
 */
export async function openGpu(api: GPU | undefined, options: GPURequestAdapterOptions = {}): Promise<Gpu> {
  if (!api) throw new NoGpuError('E_WEBGPU_MISSING', 'This browser offers no WebGPU.');
  const adapter = await api.requestAdapter({ powerPreference: 'high-performance', ...options });
  if (!adapter)
    throw new NoGpuError('E_WEBGPU_ADAPTER', 'WebGPU is there, but it found no graphics adapter.');
  const requiredLimits = Object.fromEntries(WANTED.map(name => [name, adapter.limits[name]]));
  try {
    return new Gpu(await adapter.requestDevice({ label: 'copsd-lab', requiredLimits }));
  } catch (error) {
    throw new NoGpuError('E_WEBGPU_DEVICE', 'The graphics adapter refused to open a device.', error);
  }
}
