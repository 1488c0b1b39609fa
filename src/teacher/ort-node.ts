import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const BINARIES = {
  asyncify: 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm',
  plain: 'onnxruntime-web/ort-wasm-simd-threaded.wasm',
} as const;

/** The WebAssembly of onnxruntime-web's build with WebGPU (`asyncify`) or without it, from the installed package. */
export async function readOrtWasm(build: keyof typeof BINARIES): Promise<Uint8Array> {
  const { resolve } = createRequire(import.meta.url);
  return readFile(resolve(BINARIES[build]));
}

const accepting = new WeakSet<GPUQueue>();

/**
 * Lets `writeBuffer` take bytes of a SharedArrayBuffer, by copying them. onnxruntime-web's heap is one even on a single
 * thread, and Dawn's binding for Node refuses it (webgpu 0.6.2: "Invalid argument"); browsers accept it. Changes the queue,
 * once. Can go when the binding accepts such a view.
 */
export function acceptSharedWrites(queue: GPUQueue): void {
  if (accepting.has(queue)) return;
  accepting.add(queue);
  const write = queue.writeBuffer.bind(queue);
  queue.writeBuffer = (buffer, offset, data, start, count) => {
    if (ArrayBuffer.isView(data) && data.buffer instanceof SharedArrayBuffer) {
      // Offsets are in elements of the view, which onnxruntime-web always makes of bytes.
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      const first = start ?? 0;
      write(buffer, offset, bytes.slice(first, count === undefined ? undefined : first + count));
    } else write(buffer, offset, data, start, count);
  };
}
