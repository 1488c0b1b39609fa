import type * as ortModule from 'onnxruntime-web';

/** onnxruntime-web's own module: one build for both execution providers, WebGPU and WebAssembly. */
export type Ort = typeof ortModule;

let loading: Promise<Ort> | undefined;

/**
 * Loads onnxruntime-web when it is first wanted (27 MB of WebAssembly), from this page's own host or, in Node, from the
 * installed package. A failed load is tried again at the next call.
 */
export function loadOrt(): Promise<Ort> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Ort> {
  // Vite knows the constant: the page's build drops the branch of Node, and Node's never asks for a URL.
  const ort = import.meta.env.SSR ? await loadInNode() : await loadInPage();
  // Threads need cross-origin isolation, which the page does without.
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  return ort;
}

async function loadInPage(): Promise<Ort> {
  const ort = await import('onnxruntime-web/webgpu');
  const { default: wasm } = await import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url');
  ort.env.wasm.wasmPaths = { wasm };
  return ort;
}

/** Without a shared GPU the build for WebAssembly alone: the other's functions are so large that optimising them holds Node up for half a minute. */
async function loadInNode(): Promise<Ort> {
  const { readOrtWasm } = await import('./ort-node.ts');
  const shares = hasWebGpu();
  const ort = shares ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm');
  ort.env.wasm.wasmBinary = await readOrtWasm(shares ? 'asyncify' : 'plain');
  return ort;
}

const hasWebGpu = (): boolean =>
  typeof navigator !== 'undefined' && Boolean(navigator.gpu as GPU | undefined);

/** Whether this thread's onnxruntime-web can use `device`: it asks `navigator.gpu`, and takes only the global `GPUDevice`. */
export function canShare(device: GPUDevice): boolean {
  return hasWebGpu() && typeof GPUDevice !== 'undefined' && device instanceof GPUDevice;
}

/** Makes `device` fit for onnxruntime-web's WebGPU provider: nothing in a browser; in Node, see `acceptSharedWrites`. */
export async function prepareDevice(device: GPUDevice): Promise<void> {
  if (!import.meta.env.SSR) return;
  const { acceptSharedWrites } = await import('./ort-node.ts');
  acceptSharedWrites(device.queue);
}
