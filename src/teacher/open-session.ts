import type { InferenceSession } from 'onnxruntime-web';
import type { Gpu } from '../gpu/gpu.ts';
import type { ExternalShape } from './external-shape.ts';
import { firstLine, onnxFault } from './faults.ts';
import type { Execution } from './ort-decoder.ts';
import { withOrt } from './ort-mutex.ts';
import { canShare, loadOrt, prepareDevice, type Ort } from './ort-runtime.ts';
import { cacheNames, readSessionLayout, type SessionLayout } from './session-layout.ts';

/** Files of a model folder as transformers.js reads it, in memory. */
export interface ExternalModelFiles {
  /** Of the model, for messages and receipts. */
  readonly name: string;
  /** Parsed `config.json`. */
  readonly config: unknown;
  /** Bytes of the `.onnx` file. */
  readonly model: Uint8Array;
  /** Weights that lie beside it, by the path that the `.onnx` names. */
  readonly externalData?: readonly { readonly path: string; readonly data: Uint8Array }[];
}

export interface OpenedSession {
  readonly ort: Ort;
  readonly session: InferenceSession;
  readonly execution: Execution;
  readonly layout: SessionLayout;
}

/**
 * Opens a session and checks its inputs and outputs. The device is shared through the provider's own option: onnxruntime
 * overwrites `env.webgpu.device` silently.
 * @throws LabError `E_TEACHER_ONNX`.
 */
export async function openSession(
  gpu: Gpu,
  { name, model, externalData }: ExternalModelFiles,
  shape: ExternalShape,
  wanted: Execution,
): Promise<OpenedSession> {
  requireOnnx(name, model);
  const ort = await loadOrt();
  const onGpu = ['logits', ...cacheNames('present', shape.layers)].map(
    output => [output, 'gpu-buffer'] as const,
  );
  const open = (options: InferenceSession.SessionOptions): Promise<InferenceSession> =>
    withOrt(() =>
      ort.InferenceSession.create(model, {
        ...options,
        logSeverityLevel: 4,
        ...(externalData && { externalData: [...externalData] }),
      }),
    );
  let opened: { session: InferenceSession; execution: Execution } | undefined;
  if (wanted === 'webgpu' && canShare(gpu.device)) {
    await prepareDevice(gpu.device);
    try {
      const session = await open({
        executionProviders: [{ name: 'webgpu', device: gpu.device }],
        preferredOutputLocation: Object.fromEntries(onGpu),
      });
      opened = { session, execution: 'webgpu' };
    } catch {
      // Whatever the reason, WebAssembly is tried next: it opens the model, or names what is wrong with it.
    }
  }
  if (!opened)
    try {
      opened = { session: await open({ executionProviders: ['wasm'] }), execution: 'wasm' };
    } catch (error) {
      throw onnxFault(name, `onnxruntime cannot open it: ${firstLine(error)}`, undefined, error);
    }
  const { session } = opened;
  try {
    return { ort, ...opened, layout: readSessionLayout(name, session, shape) };
  } catch (error) {
    await withOrt(() => session.release());
    throw error;
  }
}

/** The first bytes say more clearly than a parser's error what was given instead of a model. */
function requireOnnx(name: string, model: Uint8Array): void {
  const start = new TextDecoder().decode(model.subarray(0, 64));
  if (model.byteLength === 0) throw onnxFault(name, 'the file is empty');
  if (start.startsWith('version https://git-lfs'))
    throw onnxFault(name, 'this is a Git LFS pointer, not the model itself');
  if (/^\s*<(!doctype|html)/i.test(start)) throw onnxFault(name, 'this is a web page, not a model');
}
