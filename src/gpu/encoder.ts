import type { Gpu } from './gpu.ts';
import type { Kernel, UniformFields, UniformValues } from './kernel.ts';
import { alignBytes, BINDING_ALIGNMENT, ELEMENT_BYTES, tensorBytes, type Tensor } from './tensor.ts';

/** What one dispatch binds. `workgroups` of zero in any dimension dispatches nothing. */
export interface Dispatch<F extends UniformFields> {
  readonly uniforms: UniformValues<F>;
  readonly storage: readonly Tensor[];
  readonly workgroups: readonly [number, number?, number?];
}

/**
 * Records dispatches into one compute pass and submits them together: one submit per micro-step. Dispatches run in order
 * and each sees the writes of those before it. Uniforms of all dispatches travel in a single buffer write. In a dry run
 * (`Gpu.prepare`) nothing is encoded: the kernels that would run are collected, to be compiled ahead of time.
 */
export class StepEncoder {
  readonly gpu: Gpu;
  readonly dry: boolean;
  /** Kernels met in a dry run. */
  readonly kernels = new Set<Kernel>();
  dispatches = 0;
  submits = 0;
  readonly #uniforms: Uint32Array<ArrayBuffer>;
  readonly #floats: Float32Array<ArrayBuffer>;
  readonly #ints: Int32Array<ArrayBuffer>;
  #used = 0;
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;

  constructor(gpu: Gpu, dry: boolean) {
    this.gpu = gpu;
    this.dry = dry;
    this.#uniforms = gpu.uniformStaging;
    this.#floats = new Float32Array(this.#uniforms.buffer);
    this.#ints = new Int32Array(this.#uniforms.buffer);
  }

  dispatch<F extends UniformFields>(kernel: Kernel<F>, { uniforms, storage, workgroups }: Dispatch<F>): void {
    const erased = kernel as unknown as Kernel;
    if (storage.length !== kernel.spec.storage.length)
      throw new RangeError(
        `${kernel.spec.name}: ${storage.length} tensors for ${kernel.spec.storage.length} bindings`,
      );
    if (this.dry) {
      this.kernels.add(erased);
      return;
    }
    const [x, y = 1, z = 1] = workgroups;
    if (x * y * z === 0) return;
    const limit = this.gpu.device.limits.maxComputeWorkgroupsPerDimension;
    if (x > limit || y > limit || z > limit)
      throw new RangeError(`${kernel.spec.name}: ${x}×${y}×${z} workgroups exceed ${limit} in one dimension`);
    if ((this.#used + BINDING_ALIGNMENT) / ELEMENT_BYTES > this.#uniforms.length) this.submit();
    const offset = this.#writeUniforms(kernel.spec.uniforms, uniforms);
    const pipeline = this.gpu.pipelines.compileSync(erased);
    const pass = this.#begin();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.gpu.bindGroups.get(erased, storage));
    pass.setBindGroup(1, this.gpu.uniformGroup, [offset]);
    pass.dispatchWorkgroups(x, y, z);
    this.dispatches++;
  }

  /** Copies `count` four-byte elements; ends the current compute pass, so use it sparingly. */
  copy(source: Tensor, target: Tensor, count: number, sourceStart = 0, targetStart = 0): void {
    if (this.dry || count === 0) return;
    this.#endPass();
    this.#commands().copyBufferToBuffer(
      source.buffer,
      source.offset + sourceStart * ELEMENT_BYTES,
      target.buffer,
      target.offset + targetStart * ELEMENT_BYTES,
      count * ELEMENT_BYTES,
    );
  }

  /** Sets a tensor to zero bits; ends the current pass. */
  clear(tensor: Tensor): void {
    if (this.dry) return;
    this.#endPass();
    this.#commands().clearBuffer(tensor.buffer, tensor.offset, tensorBytes(tensor));
  }

  /** Submits what was recorded. The encoder can go on recording into a new submit. */
  submit(): void {
    this.#endPass();
    if (!this.#encoder) return;
    const { queue } = this.gpu.device;
    queue.writeBuffer(this.gpu.uniformBuffer, 0, this.#uniforms, 0, this.#used / ELEMENT_BYTES);
    queue.submit([this.#encoder.finish()]);
    this.#encoder = undefined;
    this.#used = 0;
    this.submits++;
  }

  #writeUniforms<F extends UniformFields>(fields: F, values: UniformValues<F>): number {
    const offset = this.#used;
    let word = offset / ELEMENT_BYTES;
    for (const name in fields) {
      const target =
        fields[name] === 'f32' ? this.#floats : fields[name] === 'i32' ? this.#ints : this.#uniforms;
      target[word++] = values[name];
    }
    this.#used = alignBytes(word * ELEMENT_BYTES);
    return offset;
  }

  #commands(): GPUCommandEncoder {
    return (this.#encoder ??= this.gpu.device.createCommandEncoder());
  }

  #begin(): GPUComputePassEncoder {
    return (this.#pass ??= this.#commands().beginComputePass());
  }

  #endPass(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }
}
