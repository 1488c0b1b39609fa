import { afterAll, afterEach } from 'vitest';

/** Errors outside any error scope since the last test ended. */
const uncaptured: string[] = [];
let opened: Promise<GPUDevice> | undefined;
let closing = false;

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
    if (!closing) uncaptured.push(`device lost (${reason}): ${message}`);
  });
  return device;
}

/**
 * The one device of a test file, with the adapter's own limits on the size of buffers and bindings and else WebGPU's defaults. The fixture
 * owns it and destroys it after the file's last test. A test fails when the device reports an error outside any error scope, or is lost.
 */
export function requestTestDevice(): Promise<GPUDevice> {
  return (opened ??= open());
}

afterEach(async () => {
  if (!opened) return;
  // Errors are reported once the work that caused them has finished.
  await (await opened).queue.onSubmittedWorkDone();
  const errors = uncaptured.splice(0);
  if (errors.length > 0) throw new Error(`The device reported:\n${errors.join('\n')}`);
});

afterAll(async () => {
  closing = true;
  (await opened)?.destroy();
});
