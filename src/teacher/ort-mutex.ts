let tail: Promise<unknown> = Promise.resolve();

/**
 * Runs `work` when every earlier one has settled. onnxruntime-web has one WebAssembly instance a thread, which two calls at
 * once hang or corrupt: creating, running, releasing a session, disposing of its tensors, and whatever transformers.js runs
 * on it, go through here. A failure of `work` reaches its caller and no other. `work` must not wait for another call of this
 * function: that one would wait for `work`.
 */
export function withOrt<T>(work: () => Promise<T>): Promise<T> {
  const result = tail.then(work);
  tail = result.catch(() => undefined);
  return result;
}
