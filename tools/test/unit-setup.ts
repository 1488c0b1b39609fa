import { afterAll } from 'vitest';

// Files of a worker share their globals. onnxruntime's WebAssembly build, once opened, leaves Node's own Worker there, which
// others then take for a browser's.
const before = Object.getOwnPropertyDescriptor(globalThis, 'Worker');
afterAll(() => {
  if (before) Object.defineProperty(globalThis, 'Worker', before);
  else Reflect.deleteProperty(globalThis, 'Worker');
});
