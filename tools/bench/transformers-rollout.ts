import type { Tensor as TensorType } from '@huggingface/transformers';
import type { Generator } from './rollout-task.ts';

const RUNTIME = '/node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.asyncify';

/** Where transformers.js computes: the processor has no device of its own, so WebGPU's is counted for both. */
export type TransformersRollouts = Readonly<Record<'webgpu' | 'wasm', Generator>>;

/**
 * A model as transformers.js opens and runs it on WebGPU and on WebAssembly, in f32, on a device that onnxruntime opens by itself.
 * Fetches from this page's host alone.
 * @param models path of the folder that has the model's, with a slash at both ends
 * @param name folder of the model, as `exportModel` writes it
 */
export async function transformersRollouts(models: string, name: string): Promise<TransformersRollouts> {
  const { AutoModelForCausalLM, env, Tensor } = await import('@huggingface/transformers');
  Object.assign(env, { allowRemoteModels: false, allowLocalModels: true, localModelPath: models });
  Object.assign(env, { useBrowserCache: false, useWasmCache: false });
  const { wasm, webgpu } = env.backends.onnx;
  // One thread: two were slower on a busy machine of two cores, and need a page that is cross-origin isolated.
  Object.assign(wasm!, { wasmPaths: { mjs: `${RUNTIME}.mjs`, wasm: `${RUNTIME}.wasm` }, numThreads: 1 });

  const matrix = (rows: readonly Uint32Array[], valueOf: (id: number) => bigint): TensorType =>
    new Tensor('int64', BigInt64Array.from(rows.flatMap(row => Array.from(row, valueOf))), [
      rows.length,
      rows[0]!.length,
    ]);
  const open = async (device: 'webgpu' | 'wasm'): Promise<Generator> => {
    const model = await AutoModelForCausalLM.from_pretrained(name, { dtype: 'fp32', device });
    return {
      device: await webgpu!.device,
      generate: async (prompts, { newTokens, sample }) => {
        const output = await model.generate({
          inputs: matrix(prompts, BigInt),
          attention_mask: matrix(prompts, () => 1n),
          do_sample: sample,
          temperature: 1,
          top_k: 0,
          top_p: 1,
          max_new_tokens: newTokens,
          eos_token_id: null,
        } as Record<string, unknown>);
        const sequences = (output as TensorType).tolist() as bigint[][];
        return sequences.map((sequence, row) => sequence.slice(prompts[row]!.length).map(Number));
      },
    };
  };
  // In this order: the device is there once a session has been opened on it.
  return { webgpu: await open('webgpu'), wasm: await open('wasm') };
}
