import { test } from 'vitest';
import { Gpu } from '../../gpu/gpu.ts';
import type { Tensor } from '../../gpu/tensor.ts';
import type { Tuning } from '../../gpu/tuning.ts';
import { requestTestDevice } from '../../testing/gpu-fixture.ts';

const TUNINGS: Readonly<Record<string, Tuning>> = {
  'one lane a row': { software: true, rowLanes: 1, rowsPerGroup: 64 },
  '64 lanes a row': { software: false, rowLanes: 64, rowsPerGroup: 1 },
};

/** What lies beyond the end of every test tensor, and must still lie there after the operation. */
const GUARD = 0x4b1d4b1d;
const GUARD_LENGTH = 64;

/** Tensors of one test on one tuning. */
export class KernelBench {
  readonly gpu: Gpu;
  readonly #tensors: Tensor[] = [];

  constructor(gpu: Gpu) {
    this.gpu = gpu;
  }

  /** Uploads f32 data, rounded from f64, in front of a guard. */
  f32(label: string, values: ArrayLike<number>): Tensor {
    return this.#upload(label, new Uint32Array(Float32Array.from(values).buffer), 'f32');
  }

  u32(label: string, values: ArrayLike<number>): Tensor {
    return this.#upload(label, Uint32Array.from(values), 'u32');
  }

  async read(tensor: Tensor): Promise<Float32Array<ArrayBuffer>> {
    return this.gpu.readback.f32(tensor);
  }

  async readU32(tensor: Tensor): Promise<Uint32Array<ArrayBuffer>> {
    return this.gpu.readback.u32(tensor);
  }

  /** @throws when an operation wrote beyond the end of a tensor. */
  async checkGuards(): Promise<void> {
    for (const tensor of this.#tensors) {
      const whole = await this.gpu.readback.u32({ ...tensor, length: tensor.length + GUARD_LENGTH });
      const at = whole.subarray(tensor.length).findIndex(word => word !== GUARD);
      if (at >= 0)
        throw new Error(`${tensor.label}: element ${tensor.length + at} behind its end was written`);
    }
  }

  #upload(label: string, values: Uint32Array<ArrayBuffer>, dtype: Tensor['dtype']): Tensor {
    const guarded = new Uint32Array(values.length + GUARD_LENGTH).fill(GUARD);
    guarded.set(values);
    const whole = this.gpu.memory.tensor(label, guarded.length, dtype);
    this.gpu.write(whole, guarded);
    const tensor = { ...whole, length: values.length };
    this.#tensors.push(tensor);
    return tensor;
  }
}

/** A test of a kernel that looks the same under every tuning: fresh tensors, guards checked, then freed. */
export function kernelTest(name: string, run: (bench: KernelBench) => Promise<void>): void {
  onTuning(name, undefined, run);
}

/** A test on each row tuning. */
export function rowKernelTest(name: string, run: (bench: KernelBench) => Promise<void>): void {
  for (const [tuningName, tuning] of Object.entries(TUNINGS))
    onTuning(`${name} (${tuningName})`, tuning, run);
}

function onTuning(
  name: string,
  tuning: Tuning | undefined,
  run: (bench: KernelBench) => Promise<void>,
): void {
  test(name, async () => {
    const bench = new KernelBench(new Gpu(await requestTestDevice(), tuning));
    try {
      await run(bench);
      await bench.checkGuards();
    } finally {
      bench.gpu.memory.release();
    }
  });
}
