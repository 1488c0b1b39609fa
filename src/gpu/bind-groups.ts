import type { Kernel } from './kernel.ts';
import type { Pipelines } from './pipelines.ts';
import { alignBytes, ELEMENT_BYTES, tensorBytes, type Tensor } from './tensor.ts';

/** Caches bind groups by layout and bound ranges: a run's buffers are allocated once, so its bind groups are too. */
export class BindGroups {
  readonly #device: GPUDevice;
  readonly #pipelines: Pipelines;
  readonly #groups = new Map<string, GPUBindGroup>();
  readonly #ids = new WeakMap<GPUBuffer, number>();
  #nextId = 0;

  constructor(device: GPUDevice, pipelines: Pipelines) {
    this.#device = device;
    this.#pipelines = pipelines;
  }

  get(kernel: Kernel, storage: readonly Tensor[]): GPUBindGroup {
    let key = kernel.spec.storage.join(' ');
    for (const tensor of storage)
      key += ` ${this.#id(tensor.buffer)}:${tensor.offset}:${tensorBytes(tensor)}`;
    let group = this.#groups.get(key);
    if (!group) {
      // Destroyed buffers leave stale entries, so the cache is cleared before it grows without bound.
      if (this.#groups.size >= 4096) this.#groups.clear();
      group = this.#device.createBindGroup({
        label: kernel.spec.name,
        layout: this.#pipelines.storageLayout(kernel.spec),
        entries: storage.map((tensor, binding) => ({
          binding,
          resource: { buffer: tensor.buffer, offset: tensor.offset, size: boundBytes(tensor) },
        })),
      });
      this.#groups.set(key, group);
    }
    return group;
  }

  #id(buffer: GPUBuffer): number {
    let id = this.#ids.get(buffer);
    if (id === undefined) {
      id = this.#nextId++;
      this.#ids.set(buffer, id);
    }
    return id;
  }
}

/** Bindings are rounded up to 256-byte blocks where the buffer has them, so that vec4 views reach the last elements. */
function boundBytes(tensor: Tensor): number {
  return Math.min(
    alignBytes(Math.max(ELEMENT_BYTES, tensorBytes(tensor))),
    tensor.buffer.size - tensor.offset,
  );
}
