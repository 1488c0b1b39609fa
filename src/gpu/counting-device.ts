/** A buffer that would have been created. */
export interface CountedBuffer {
  readonly label: string;
  readonly bytes: number;
}

/** What a counting device was asked for. */
export interface CountingDevice {
  readonly device: GPUDevice;
  /** Buffers that were created and not destroyed, in order. */
  buffers(): readonly CountedBuffer[];
}

/**
 * A device without a GPU that counts buffers: the code that allocates a run predicts what it will take by running on one. It has no
 * limits, so that a run is counted whole and compared with an adapter's limits afterwards. Uploads, copies and submits do nothing;
 * nothing can be computed or read back.
 */
export function countingDevice(): CountingDevice {
  const live = new Map<GPUBuffer, CountedBuffer>();
  const nothing = (): undefined => undefined;
  const commands = { copyBufferToBuffer: nothing, clearBuffer: nothing, finish: () => ({}) };
  const device = {
    label: 'counting',
    limits: {
      maxBufferSize: Infinity,
      maxStorageBufferBindingSize: Infinity,
      maxComputeWorkgroupsPerDimension: 65_535,
    },
    adapterInfo: { vendor: '', architecture: '', device: '', description: '' },
    lost: new Promise<never>(nothing),
    queue: { writeBuffer: nothing, submit: nothing, onSubmittedWorkDone: () => Promise.resolve() },
    createBuffer({ label = '', size, usage }: GPUBufferDescriptor): GPUBuffer {
      const buffer = { label, size, usage, destroy: () => live.delete(buffer) } as unknown as GPUBuffer;
      live.set(buffer, { label, bytes: size });
      return buffer;
    },
    createBindGroupLayout: () => ({}),
    createBindGroup: () => ({}),
    createCommandEncoder: () => commands,
    destroy: nothing,
  };
  return { device: device as unknown as GPUDevice, buffers: () => [...live.values()] };
}
