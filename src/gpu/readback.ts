import type { Gpu } from './gpu.ts';
import { USAGE } from './memory.ts';
import { alignBytes, ELEMENT_BYTES, type Tensor } from './tensor.ts';

/** The device was lost while, or before, something was read from it. */
export class DeviceLostError extends Error {
  override readonly name = 'DeviceLostError';
}

/** Range of a tensor to read: `count` elements from `start`. */
export interface ReadRange {
  readonly tensor: Tensor;
  readonly count?: number;
  readonly start?: number;
}

/** Elements of a large tensor that are read at once. */
const PIECE = 2 ** 21;

/** A lost device reports its loss within this time of a failed mapping. */
const LOSS_TOLD_MS = 1_000;

/** Reads tensors back through a pool of mapped buffers. `count` counts the mappings, each a round trip to the GPU. */
export class Readback {
  readonly #gpu: Gpu;
  readonly #pool: GPUBuffer[] = [];
  count = 0;

  constructor(gpu: Gpu) {
    this.#gpu = gpu;
  }

  /** Float32 contents of one tensor, in pieces where it is large: the copy that is mapped never takes more than 8 MiB. */
  async f32(tensor: Tensor, count = tensor.length): Promise<Float32Array<ArrayBuffer>> {
    const values = new Float32Array(count);
    for (let start = 0; start < count; start += PIECE) {
      const [piece] = await this.read([{ tensor, start, count: Math.min(PIECE, count - start) }]);
      values.set(new Float32Array(piece!), start);
    }
    return values;
  }

  /** Uint32 contents of one tensor. */
  async u32(tensor: Tensor, count = tensor.length): Promise<Uint32Array<ArrayBuffer>> {
    return new Uint32Array((await this.read([{ tensor, count }]))[0]!);
  }

  /**
   * Reads several ranges with one submit and one mapping, after all work submitted so far.
   * @throws DeviceLostError when the device is lost: the contents would be stale or zero.
   */
  async read(ranges: readonly ReadRange[]): Promise<ArrayBuffer[]> {
    const { device } = this.#gpu;
    const parts = ranges.map(({ tensor, count, start = 0 }) => ({
      source: tensor.buffer,
      offset: tensor.offset + start * ELEMENT_BYTES,
      bytes: (count ?? tensor.length - start) * ELEMENT_BYTES,
    }));
    const total = parts.reduce((sum, part) => sum + part.bytes, 0);
    const staging = this.#take(total);
    const encoder = device.createCommandEncoder();
    let at = 0;
    for (const part of parts) {
      encoder.copyBufferToBuffer(part.source, part.offset, staging, at, part.bytes);
      at += part.bytes;
    }
    device.queue.submit([encoder.finish()]);
    this.count++;
    try {
      await staging.mapAsync(1, 0, Math.max(4, total));
    } catch (error) {
      // The mapping fails a moment before the loss is reported, and the caller recovers only from a reported loss.
      await Promise.race([device.lost, new Promise(resolve => setTimeout(resolve, LOSS_TOLD_MS))]);
      throw new DeviceLostError('the GPU device was lost while its results were read', { cause: error });
    }
    if (this.#gpu.lost) throw new DeviceLostError(`the GPU device was lost: ${this.#gpu.lost.message}`);
    const mapped = staging.getMappedRange(0, Math.max(4, total));
    at = 0;
    const results = parts.map(part => mapped.slice(at, (at += part.bytes)));
    staging.unmap();
    this.#pool.push(staging);
    return results;
  }

  #take(bytes: number): GPUBuffer {
    const at = this.#pool.findIndex(buffer => buffer.size >= bytes);
    if (at >= 0) return this.#pool.splice(at, 1)[0]!;
    const smaller = this.#pool.pop();
    smaller?.destroy();
    return this.#gpu.device.createBuffer({
      label: 'readback',
      size: alignBytes(Math.max(4, bytes)),
      usage: USAGE.MAP_READ | USAGE.COPY_DST,
    });
  }
}
