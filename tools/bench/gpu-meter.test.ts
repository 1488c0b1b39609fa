import { expect, test } from 'vitest';
import { meterDevices, type GpuClasses } from './gpu-meter.ts';

/** Classes with the methods that are wrapped, and nothing behind them. */
function bareClasses(): GpuClasses {
  class Buffer {
    readonly size: number;
    constructor(size: number) {
      this.size = size;
    }
    destroy(): void {}
    async mapAsync(): Promise<void> {}
  }
  class Queue {
    submit(): void {}
  }
  class Pass {
    dispatchWorkgroups(): void {}
    dispatchWorkgroupsIndirect(): void {}
  }
  class Encoder {
    beginComputePass(): Pass {
      return new Pass();
    }
  }
  class Device {
    readonly queue = new Queue();
    createBuffer({ size }: { size: number }): Buffer {
      return new Buffer(size);
    }
    createCommandEncoder(): Encoder {
      return new Encoder();
    }
  }
  return {
    GPUDevice: Device,
    GPUBuffer: Buffer,
    GPUQueue: Queue,
    GPUCommandEncoder: Encoder,
    GPUComputePassEncoder: Pass,
  } as unknown as GpuClasses;
}

const open = (classes: GpuClasses): GPUDevice => Reflect.construct(classes.GPUDevice, []);

test('bytes live until destroy, which counts once; the peak stays', () => {
  const classes = bareClasses();
  const meterOf = meterDevices(classes);
  const device = open(classes);
  const first = device.createBuffer({ size: 100, usage: 0 });
  const second = device.createBuffer({ size: 50, usage: 0 });
  first.destroy();
  first.destroy();
  expect(meterOf(device)).toMatchObject({ bytes: 50, peakBytes: 150 });
  meterOf(device).restart();
  expect(meterOf(device)).toMatchObject({ bytes: 50, peakBytes: 50 });
  device.createBuffer({ size: 5, usage: 0 });
  second.destroy();
  expect(meterOf(device)).toMatchObject({ bytes: 5, peakBytes: 55 });
});

test('each device has counts of its own', async () => {
  const classes = bareClasses();
  const meterOf = meterDevices(classes);
  const [busy, idle] = [open(classes), open(classes)];
  const buffer = busy.createBuffer({ size: 8, usage: 0 });
  for (let submit = 0; submit < 2; submit++) {
    const encoder = busy.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.dispatchWorkgroups(1);
    pass.dispatchWorkgroupsIndirect(buffer, 0);
    busy.queue.submit([]);
  }
  await buffer.mapAsync(1);
  expect(meterOf(busy)).toMatchObject({ submits: 2, dispatches: 4, mappings: 1, bytes: 8 });
  expect(meterOf(idle)).toMatchObject({ submits: 0, dispatches: 0, mappings: 0, bytes: 0 });
  meterOf(busy).restart();
  expect(meterOf(busy)).toMatchObject({ submits: 0, dispatches: 0, mappings: 0, bytes: 8 });
});
