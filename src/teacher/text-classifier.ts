import type * as Transformers from '@huggingface/transformers';
import { classifierFault } from './classifier-files.ts';
import type { ClassifierFiles } from './classifier-files.ts';
import { withOrt } from './ort-mutex.ts';
import { loadOrt } from './ort-runtime.ts';

/** A model that says of a text which of a few labels it bears. It owns an onnxruntime session until `release`. */
export interface TextClassifier {
  readonly labels: readonly string[];
  /**
   * Probability of each label for a text, f32 [labels]: the softmax of the logits, or the sigmoid of each where the model is of the multi-label kind
   * or has one label. What the model does not read, beyond its longest sequence, is left out.
   * @throws LabError `E_CLASSIFIER_RUN`.
   */
  classify(text: string): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Where transformers.js believes that files lie; nothing is ever fetched from there. */
const FOLDER = '/classifiers/';

/** Files of the classifiers that are open, by the id that transformers.js knows them by. */
const served = new Map<string, ReadonlyMap<string, Blob>>();
let opened = 0;

/**
 * Opens a text classifier in transformers.js on WebAssembly, which leaves the GPU to training. transformers.js and its runtime are loaded at the first call; they
 * fetch nothing, from here or elsewhere, but the runtime's own WebAssembly from this page's host.
 * @throws LabError `E_CLASSIFIER_OPEN`.
 */
export async function openTextClassifier(name: string, files: ClassifierFiles): Promise<TextClassifier> {
  const { AutoModelForSequenceClassification, AutoTokenizer, cat } = await loadTransformers();
  await tryGraph(name, files);
  const id = `classifier-${++opened}`;
  served.set(id, files.contents);
  try {
    const tokenizer = await AutoTokenizer.from_pretrained(id, { local_files_only: true });
    const model = await withOrt(() =>
      AutoModelForSequenceClassification.from_pretrained(id, {
        local_files_only: true,
        device: 'wasm',
        dtype: files.dtype,
        subfolder: files.subfolder,
      }),
    );
    return classifierOf(name, files, { tokenizer, model, cat });
  } catch (error) {
    throw classifierFault(
      'OPEN',
      name,
      `transformers.js cannot open it: ${firstLine(error)}`,
      undefined,
      error,
    );
  } finally {
    served.delete(id);
  }
}

/**
 * Opens the graph by itself first: transformers.js 4.3 opens one graph after another in a chain of promises, and after one that fails it opens none
 * any more.
 */
async function tryGraph(name: string, { graph }: ClassifierFiles): Promise<void> {
  const ort = await loadOrt();
  const bytes = new Uint8Array(await graph.arrayBuffer());
  const outputs = await withOrt(async () => {
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
    const { outputNames } = session;
    await session.release();
    return outputNames;
  }).catch((error: unknown) => {
    throw classifierFault(
      'OPEN',
      name,
      `onnxruntime cannot open its graph: ${firstLine(error)}`,
      undefined,
      error,
    );
  });
  if (!outputs.includes('logits'))
    throw classifierFault('OPEN', name, `its graph gives ${outputs.join(', ')}, and no logits`);
}

interface Opened extends Pick<typeof Transformers, 'cat'> {
  readonly tokenizer: Transformers.PreTrainedTokenizer;
  readonly model: Transformers.PreTrainedModel;
}

function classifierOf(
  name: string,
  { labels, independent, longest }: ClassifierFiles,
  { tokenizer, model, cat }: Opened,
): TextClassifier {
  const run = async (text: string): Promise<Float32Array> => {
    const inputs = shortened(tokenizer(text), longest, cat);
    const { logits } = (await model(inputs)) as { readonly logits: Transformers.Tensor };
    return Float32Array.from(logits.data as Float32Array);
  };
  return {
    labels,
    classify: async text => {
      const logits = await withOrt(() => run(text)).catch((error: unknown) => {
        throw classifierFault('RUN', name, `it failed on a text: ${firstLine(error)}`, undefined, error);
      });
      if (logits.length !== labels.length || !logits.every(Number.isFinite))
        throw classifierFault(
          'RUN',
          name,
          `it gave ${logits.length} figures for ${labels.length} labels, or none`,
        );
      return independent ? logits.map(sigmoid) : softmax(logits);
    },
    release: () => withOrt(async () => void (await model.dispose())),
  };
}

let loading: Promise<typeof Transformers> | undefined;

/** transformers.js, which must find the runtime's WebAssembly already named: else it takes it from a CDN. */
function loadTransformers(): Promise<typeof Transformers> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<typeof Transformers> {
  const ort = await loadOrt();
  const transformers = await import('@huggingface/transformers');
  const { env, LogLevel } = transformers;
  Object.assign(env, {
    allowRemoteModels: false,
    allowLocalModels: true,
    localModelPath: FOLDER,
    useBrowserCache: false,
    useFS: false,
    useFSCache: false,
    useWasmCache: false,
    fetch: serve,
    logLevel: LogLevel.ERROR,
  });
  // The same module as ours in the built page; a bundler that keeps two must not send the second one to the CDN.
  const { wasm } = env.backends.onnx as { wasm?: typeof ort.env.wasm };
  if (wasm && ort.env.wasm.wasmPaths !== undefined) wasm.wasmPaths = ort.env.wasm.wasmPaths;
  return transformers;
}

/** In place of `fetch`: the chosen files alone. */
function serve(address: string | URL): Promise<Response> {
  const [, id = '', path = ''] = /^\/classifiers\/([^/]+)\/(.+)$/.exec(String(address)) ?? [];
  const file = served.get(id)?.get(path);
  return Promise.resolve(file ? new Response(file) : new Response(null, { status: 404 }));
}

/**
 * Inputs [1, tokens] of at most `longest` tokens, the last one kept: it ends the sequence ([SEP], </s>), and transformers.js's own truncation
 * would cut it off where the Python library does not.
 */
function shortened(
  inputs: Record<string, Transformers.Tensor>,
  longest: number | null,
  cat: Opened['cat'],
): Record<string, Transformers.Tensor> {
  const { length } = inputs['input_ids']!.data;
  if (longest === null || length <= longest) return inputs;
  return Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [
      name,
      cat([tensor.slice(null, [0, longest - 1]), tensor.slice(null, [length - 1, length])], 1),
    ]),
  );
}

const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));

function softmax(logits: Float32Array): Float32Array {
  const most = Math.max(...logits);
  const weights = Float32Array.from(logits, value => Math.exp(value - most));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map(weight => weight / sum);
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 300);
