import type { MemoryShare } from '../contract/memory-share.ts';
import { alignBytes, ELEMENT_BYTES, storageBytes, type DType, type Tensor } from './tensor.ts';

/** `GPUBufferUsage` bits; the global does not exist in Node. */
export const USAGE = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 } as const;

/** The adapter cannot allocate what was asked for. `bytes` is the request, `limit` the largest buffer allowed. */
export class OutOfGpuMemoryError extends Error {
  override readonly name = 'OutOfGpuMemoryError';
  readonly label: string;
  readonly bytes: number;
  readonly limit: number;
  constructor(label: string, bytes: number, limit: number, cause?: unknown) {
    super(`${label} needs ${bytes} bytes in one GPU buffer; this adapter allows ${limit}`, { cause });
    this.label = label;
    this.bytes = bytes;
    this.limit = limit;
  }
}

/** A buffer, and what it is for. */
export interface HeldBuffer {
  readonly label: string;
  readonly bytes: number;
  readonly share: MemoryShare;
}

/**
 * Owns GPU buffers and counts their bytes. A `Memory` is a scope: `release` destroys all that it allocated and not yet
 * freed. Buffers start as zeros (WebGPU guarantees it).
 */
export class Memory {
  readonly device: GPUDevice;
  readonly #buffers = new Map<GPUBuffer, MemoryShare>();
  readonly #parent: Memory | undefined;
  #share: MemoryShare = 'activations';
  #bytes = 0;
  #peak = 0;

  constructor(device: GPUDevice, parent?: Memory) {
    this.device = device;
    this.#parent = parent;
  }

  /** A scope inside this one: its bytes count here too. */
  scope(): Memory {
    return new Memory(this.device, this);
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Most bytes ever held at once. */
  get peakBytes(): number {
    return this.#peak;
  }

  /** What this scope holds now, without the scopes inside it. */
  get held(): readonly HeldBuffer[] {
    return [...this.#buffers].map(([{ label, size: bytes }, share]) => ({ label, bytes, share }));
  }

  /** Names what `allocate` allocates here; without a name it belongs to passes. */
  within<T>(share: MemoryShare, allocate: () => T): T {
    const outer = this.#share;
    this.#share = share;
    try {
      return allocate();
    } finally {
      this.#share = outer;
    }
  }

  /** One tensor in a buffer of its own. */
  tensor(label: string, length: number, dtype: DType = 'f32'): Tensor {
    const buffer = this.buffer(label, alignBytes(Math.max(ELEMENT_BYTES, storageBytes(dtype, length))));
    return { label, buffer, offset: 0, length, dtype };
  }

  /** A storage buffer. @throws OutOfGpuMemoryError over the adapter's limits. */
  buffer(
    label: string,
    bytes: number,
    usage: number = USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST,
  ): GPUBuffer {
    const { maxBufferSize, maxStorageBufferBindingSize } = this.device.limits;
    const limit =
      usage & USAGE.STORAGE ? Math.min(maxBufferSize, maxStorageBufferBindingSize) : maxBufferSize;
    if (bytes > limit) throw new OutOfGpuMemoryError(label, bytes, limit);
    const buffer = this.device.createBuffer({ label, size: bytes, usage });
    this.#buffers.set(buffer, this.#share);
    this.#count(bytes);
    return buffer;
  }

  /** Destroys one tensor's whole buffer. */
  free(tensor: Tensor): void {
    this.#destroy(tensor.buffer);
  }

  /** Destroys every buffer of this scope. */
  release(): void {
    for (const buffer of this.#buffers.keys()) this.#destroy(buffer);
  }

  #destroy(buffer: GPUBuffer): void {
    if (!this.#buffers.delete(buffer)) return;
    this.#count(-buffer.size);
    buffer.destroy();
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    this.#peak = Math.max(this.#peak, this.#bytes);
    if (this.#parent) this.#parent.#count(bytes);
  }
}

/**
 * Runs allocations inside error scopes, so that running out of memory is an error here instead of a lost device.
 * @throws OutOfGpuMemoryError when the adapter ran out; Error on a validation error.
 */
export async function allocating<T>(device: GPUDevice, what: string, allocate: () => T): Promise<T> {
  device.pushErrorScope('validation');
  device.pushErrorScope('out-of-memory');
  let result: T;
  let scopes: Promise<[GPUError | null, GPUError | null]> | undefined;
  try {
    result = allocate();
  } finally {
    scopes = Promise.all([device.popErrorScope(), device.popErrorScope()]);
  }
  const [outOfMemory, invalid] = await scopes;
  if (outOfMemory) throw new OutOfGpuMemoryError(what, 0, device.limits.maxBufferSize, outOfMemory.message);
  if (invalid) throw new Error(`${what}: ${invalid.message}`);
  return result;
}
