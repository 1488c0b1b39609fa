import { BindGroups } from './bind-groups.ts';
import { StepEncoder } from './encoder.ts';
import type { Kernel } from './kernel.ts';
import { Memory, USAGE } from './memory.ts';
import { Pipelines } from './pipelines.ts';
import { Readback } from './readback.ts';
import { ELEMENT_BYTES, type Tensor } from './tensor.ts';
import { tuningFor, type Tuning } from './tuning.ts';

/** Bytes of uniforms that one submit may carry: 4,096 dispatches. */
const UNIFORM_BYTES = 1 << 20;

/**
 * A device with what every operation needs: pipelines, bind groups, memory, uniforms, readback and tuning. Knows no DOM:
 * the device comes from a browser worker or from Dawn in Node. Owns nothing but caches; `destroy` destroys the device.
 */
export class Gpu {
  readonly device: GPUDevice;
  readonly tuning: Tuning;
  readonly memory: Memory;
  readonly pipelines: Pipelines;
  readonly bindGroups: BindGroups;
  readonly readback: Readback;
  readonly uniformBuffer: GPUBuffer;
  readonly uniformGroup: GPUBindGroup;
  readonly uniformStaging: Uint32Array<ArrayBuffer>;
  #lost: GPUDeviceLostInfo | undefined;

  constructor(device: GPUDevice, tuning: Tuning = tuningFor(device.adapterInfo)) {
    this.device = device;
    this.tuning = tuning;
    this.memory = new Memory(device);
    this.pipelines = new Pipelines(device);
    this.bindGroups = new BindGroups(device, this.pipelines);
    this.readback = new Readback(this);
    this.uniformBuffer = this.memory.buffer('uniforms', UNIFORM_BYTES, USAGE.UNIFORM | USAGE.COPY_DST);
    this.uniformStaging = new Uint32Array(UNIFORM_BYTES / ELEMENT_BYTES);
    this.uniformGroup = device.createBindGroup({
      label: 'uniforms',
      layout: this.pipelines.uniformLayout,
      entries: [{ binding: 0, resource: { buffer: this.uniformBuffer, offset: 0, size: 256 } }],
    });
    void device.lost.then(info => {
      this.#lost = info;
    });
  }

  /** Why the device is lost, or undefined. Submits to a lost device fail silently, so check this at every step. */
  get lost(): GPUDeviceLostInfo | undefined {
    return this.#lost;
  }

  /** A fresh encoder; one at a time, because they share the uniform staging. */
  encoder(): StepEncoder {
    return new StepEncoder(this, false);
  }

  /** Compiles in parallel every kernel that `record` would dispatch, without running any. */
  async prepare(record: (encoder: StepEncoder) => void): Promise<void> {
    const dry = new StepEncoder(this, true);
    record(dry);
    await this.compile(dry.kernels);
  }

  async compile(kernels: Iterable<Kernel>): Promise<void> {
    await this.pipelines.compile(kernels);
  }

  /** Uploads into `tensor` from element `start`. */
  write(tensor: Tensor, data: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>, start = 0): void {
    if (start + data.length > tensor.length)
      throw new RangeError(
        `${tensor.label}: ${data.length} elements at ${start} exceed its length ${tensor.length}`,
      );
    this.device.queue.writeBuffer(tensor.buffer, tensor.offset + start * ELEMENT_BYTES, data);
  }

  destroy(): void {
    this.memory.release();
    this.device.destroy();
  }
}
