import { playwright } from '@vitest/browser-playwright';
import { defineConfig } from 'vitest/config';
import { CHROMIUM_ARGS, findChromium } from './tools/test/chromium.ts';

const executablePath = findChromium();
const gpuTests = ['src/**/*.gpu.test.ts'];
// What browsers alone have, beside a GPU: their storage.
const browserTests = ['src/**/*.browser.test.ts'];

export default defineConfig({
  test: {
    // Two cores are all that a small CI machine has; WebGPU on a software adapter wants both.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          setupFiles: ['tools/test/unit-setup.ts'],
          // A module is loaded once for all files of a worker, which is two fifths of their time.
          isolate: false,
          // Long enough for a machine that others share: it ends a test that hangs, and times none.
          testTimeout: 30_000,
          include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'tools/**/*.test.ts'],
          exclude: [...gpuTests, ...browserTests],
        },
      },
      {
        // Set where several runs of tests go on at once.
        ...(process.env['TEST_CACHE'] && { cacheDir: process.env['TEST_CACHE'] }),
        // A dependency discovered late would reload the page in the middle of a test.
        optimizeDeps: {
          include: [
            'zod',
            'onnxruntime-web/webgpu',
            '@huggingface/transformers',
            'comlink',
            '@noble/hashes/legacy.js',
            '@noble/hashes/sha2.js',
            '@noble/hashes/utils.js',
          ],
        },
        test: {
          name: 'gpu',
          include: [...gpuTests, ...browserTests],
          globalSetup: ['tools/test/hub-setup.ts'],
          setupFiles: ['src/testing/gpu-setup.ts'],
          testTimeout: 60_000,
          browser: {
            enabled: true,
            headless: true,
            fileParallelism: false,
            // One page for all files, and so one device: a software adapter compiles each kernel for seconds.
            isolate: false,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) },
            }),
            instances: [{ browser: 'chromium' }],
          },
        },
      },
      {
        test: {
          name: 'dawn',
          environment: 'node',
          include: gpuTests,
          setupFiles: ['tools/test/dawn-setup.ts', 'src/testing/gpu-setup.ts'],
          // Processes, not threads: Vulkan's loader reads the environment of the process.
          pool: 'forks',
          fileParallelism: false,
          isolate: false,
          testTimeout: 60_000,
        },
      },
    ],
  },
});
