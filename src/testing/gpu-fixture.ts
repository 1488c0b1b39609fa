/** Errors outside any error scope since the last test ended. */
const uncaptured: string[] = [];
let opened: Promise<GPUDevice> | undefined;

/**
 * The WebGPU entry point: the browser's own, or Dawn's, installed by the set-up of the `dawn` project.
 * @throws when there is none.
 */
function testGpu(): GPU {
  const gpu = globalThis.navigator?.gpu as GPU | undefined;
  if (gpu) return gpu;
  throw new Error(
    'No WebGPU here. Run *.gpu.test.ts files with `npm run test:gpu` (Chromium) or `npm run test:dawn` (Node).',
  );
}

async function open(): Promise<GPUDevice> {
  const adapter = await testGpu().requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new Error(
      'WebGPU is available but has no adapter: no driver, or other browser flags than expected.',
    );
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  const device = await adapter.requestDevice({
    label: 'test',
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
  device.addEventListener('uncapturederror', event => {
    uncaptured.push(`${event.error.constructor.name}: ${event.error.message}`);
  });
  void device.lost.then(({ reason, message }) => {
    uncaptured.push(`device lost (${reason}): ${message}`);
    opened = undefined;
  });
  return device;
}

/**
 * The one device of all test files that a browser or process runs, so that a kernel is compiled once for all of them; with the
 * adapter's own limits on the size of buffers and bindings and else WebGPU's defaults. The fixture owns it: never destroy it.
 * A test fails when the device reports an error outside any error scope, or is lost; the next one gets another device.
 */
export function requestTestDevice(): Promise<GPUDevice> {
  return (opened ??= open());
}

/** Takes what the device has reported since the last call, once the work that may have caused it has finished. */
export async function uncapturedErrors(): Promise<string[]> {
  await (await opened)?.queue.onSubmittedWorkDone();
  return uncaptured.splice(0);
}
