/** What one device was asked for. */
export class DeviceMeter {
  /** Bytes of buffers that exist now. */
  bytes = 0;
  /** Most bytes at once since the last `restart`. */
  peakBytes = 0;
  /** Calls of `queue.submit`. */
  submits = 0;
  /** Dispatches, indirect ones too. */
  dispatches = 0;
  /** Buffers mapped to be read or written by the CPU. */
  mappings = 0;

  /** Counts from here on; what exists goes on existing. */
  restart(): void {
    this.peakBytes = this.bytes;
    this.submits = 0;
    this.dispatches = 0;
    this.mappings = 0;
  }

  allocate(bytes: number): void {
    this.bytes += bytes;
    this.peakBytes = Math.max(this.peakBytes, this.bytes);
  }

  free(bytes: number): void {
    this.bytes -= bytes;
  }
}

export type GpuClasses = Pick<
  typeof globalThis,
  'GPUDevice' | 'GPUBuffer' | 'GPUQueue' | 'GPUCommandEncoder' | 'GPUComputePassEncoder'
>;

/**
 * Wraps the methods of WebGPU's classes that allocate, free, submit, dispatch and map, so that the use of every device can be
 * asked for, whoever opened it. To be called once a page, before any device is opened. A buffer counts until `destroy`: memory
 * that a library keeps for reuse is memory that it holds.
 */
export function meterDevices(classes: GpuClasses): (device: GPUDevice) => DeviceMeter {
  const meters = new WeakMap<object, DeviceMeter>();
  const sizes = new WeakMap<GPUBuffer, number>();
  const meterOf = (device: GPUDevice): DeviceMeter => {
    const meter = meters.get(device) ?? new DeviceMeter();
    meters.set(device, meter);
    meters.set(device.queue, meter);
    return meter;
  };
  const inherit = <T extends object>(child: T, parent: object): T => {
    const meter = meters.get(parent);
    if (meter) meters.set(child, meter);
    return child;
  };

  const device = classes.GPUDevice.prototype;
  const { createBuffer, createCommandEncoder } = device;
  device.createBuffer = function (descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    const meter = meterOf(this);
    meter.allocate(buffer.size);
    sizes.set(buffer, buffer.size);
    meters.set(buffer, meter);
    return buffer;
  };
  device.createCommandEncoder = function (descriptor) {
    meterOf(this);
    return inherit(createCommandEncoder.call(this, descriptor), this);
  };

  const buffer = classes.GPUBuffer.prototype;
  const { destroy, mapAsync } = buffer;
  buffer.destroy = function () {
    meters.get(this)?.free(sizes.get(this) ?? 0);
    sizes.delete(this);
    return destroy.call(this);
  };
  buffer.mapAsync = function (...range) {
    const meter = meters.get(this);
    if (meter) meter.mappings++;
    return mapAsync.apply(this, range);
  };

  const queue = classes.GPUQueue.prototype;
  const { submit } = queue;
  queue.submit = function (commands) {
    const meter = meters.get(this);
    if (meter) meter.submits++;
    return submit.call(this, commands);
  };

  const encoder = classes.GPUCommandEncoder.prototype;
  const { beginComputePass } = encoder;
  encoder.beginComputePass = function (descriptor) {
    return inherit(beginComputePass.call(this, descriptor), this);
  };

  const pass = classes.GPUComputePassEncoder.prototype;
  const { dispatchWorkgroups, dispatchWorkgroupsIndirect } = pass;
  const dispatched = (encoding: GPUComputePassEncoder): void => {
    const meter = meters.get(encoding);
    if (meter) meter.dispatches++;
  };
  pass.dispatchWorkgroups = function (...counts) {
    dispatched(this);
    return dispatchWorkgroups.apply(this, counts);
  };
  pass.dispatchWorkgroupsIndirect = function (...source) {
    dispatched(this);
    return dispatchWorkgroupsIndirect.apply(this, source);
  };
  return meterOf;
}
