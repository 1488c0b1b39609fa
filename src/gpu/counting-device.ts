/**
 * A device without a GPU that counts buffers: the code that allocates a run predicts what it will take by running on one. It has no
 * limits, so that a run is counted whole and compared with an adapter's limits afterwards. Uploads, copies and submits do nothing;
 * nothing can be computed or read back.
 */
export function countingDevice(): GPUDevice {
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
      return { label, size, usage, destroy: nothing } as unknown as GPUBuffer;
    },
    createBindGroupLayout: () => ({}),
    createBindGroup: () => ({}),
    createCommandEncoder: () => commands,
    destroy: nothing,
  };
  return device as unknown as GPUDevice;
}
