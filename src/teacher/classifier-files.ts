import { LabError } from '../contract/errors.ts';

/** File names of weights in transformers.js, best first. */
const WEIGHTS = [
  { file: 'model.onnx', dtype: 'fp32' },
  { file: 'model_fp16.onnx', dtype: 'fp16' },
  { file: 'model_quantized.onnx', dtype: 'q8' },
  { file: 'model_int8.onnx', dtype: 'int8' },
  { file: 'model_uint8.onnx', dtype: 'uint8' },
] as const;

/** WebAssembly has 4 GiB in all, and holds the graph twice while it opens. */
const MOST_BYTES = 2 ** 30;
const MOST_LABELS = 1_000;
const MOST_JSON_BYTES = 64 * 2 ** 20;

/** Files of a text classifier whose texts are checked; the graph is left to onnxruntime. */
export interface ClassifierFiles {
  /** Contents by the paths that transformers.js asks for; the folder may hold other graphs, of gigabytes. */
  readonly contents: ReadonlyMap<string, Blob>;
  /** The graph among them. */
  readonly graph: Blob;
  readonly dtype: (typeof WEIGHTS)[number]['dtype'];
  /** Folder of the graph. */
  readonly subfolder: string;
  readonly labels: readonly string[];
  /** Whether labels are judged each by itself (sigmoid) rather than one against the others (softmax). */
  readonly independent: boolean;
  /** Most tokens that it reads; null where the files do not say. */
  readonly longest: number | null;
}

/**
 * Picks a text classifier's files from a folder in the layout of transformers.js: `config.json` with `id2label`, `tokenizer.json`,
 * `tokenizer_config.json`, and the graph in `onnx/` or beside them.
 * @param files contents by paths below the chosen folder
 * @throws LabError `E_CLASSIFIER_FILE`, `E_CLASSIFIER_CONFIG`, `E_CLASSIFIER_SIZE`.
 */
export async function readClassifierFiles(
  name: string,
  files: ReadonlyMap<string, Blob>,
): Promise<ClassifierFiles> {
  const config = await readJson(name, files, 'config.json');
  const tokenizerConfig = await readJson(name, files, 'tokenizer_config.json');
  await readJson(name, files, 'tokenizer.json');
  const found = WEIGHTS.flatMap(({ file, dtype }) =>
    ['onnx', ''].map(subfolder => ({ dtype, subfolder, path: subfolder ? `${subfolder}/${file}` : file })),
  ).find(({ path }) => files.has(path));
  if (!found) throw classifierFault('FILE', name, 'there is no ONNX graph, such as onnx/model.onnx');
  const graph = files.get(found.path)!;
  const { size } = graph;
  if (size > MOST_BYTES)
    throw classifierFault(
      'SIZE',
      found.path,
      `the graph has ${size} bytes; ${MOST_BYTES} are opened at most`,
    );
  const labels = labelsOf(config);
  const asked = ['config.json', 'tokenizer_config.json', 'tokenizer.json', found.path];
  return {
    contents: new Map(asked.map(path => [path, files.get(path)!])),
    graph,
    dtype: found.dtype,
    subfolder: found.subfolder,
    labels,
    independent: config['problem_type'] === 'multi_label_classification' || labels.length === 1,
    longest: longestOf(config, tokenizerConfig),
  };
}

async function readJson(
  name: string,
  files: ReadonlyMap<string, Blob>,
  path: string,
): Promise<Readonly<Record<string, unknown>>> {
  const file = files.get(path);
  if (!file) throw classifierFault('FILE', name, `there is no ${path}`);
  if (file.size > MOST_JSON_BYTES)
    throw classifierFault(
      'SIZE',
      path,
      `the file has ${file.size} bytes; ${MOST_JSON_BYTES} are read at most`,
    );
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (error) {
    throw classifierFault('CONFIG', path, 'the file is not JSON in UTF-8', undefined, error);
  }
  throw classifierFault('CONFIG', path, 'the file is not a JSON object');
}

/** Labels in the order of their ids, which must count from 0 without a gap. */
function labelsOf(config: Readonly<Record<string, unknown>>): string[] {
  const named = config['id2label'];
  const entries = typeof named === 'object' && named !== null ? Object.entries(named) : [];
  const labels = entries.map((_, id) => (named as Record<string, unknown>)[String(id)]);
  const fit =
    labels.length >= 1 &&
    labels.length <= MOST_LABELS &&
    labels.every(label => typeof label === 'string' && label.trim() !== '') &&
    new Set(labels).size === labels.length;
  if (fit) return labels as string[];
  throw classifierFault('CONFIG', 'config.json', 'it does not name the labels of a classifier', 'id2label');
}

function longestOf(
  { max_position_embeddings: positions }: Readonly<Record<string, unknown>>,
  { model_max_length: length }: Readonly<Record<string, unknown>>,
): number | null {
  // Tokenizers without a limit give 10³⁰.
  const limits = [positions, length].filter(
    (limit): limit is number => Number.isSafeInteger(limit) && (limit as number) > 0,
  );
  return limits.length > 0 ? Math.min(...limits) : null;
}

/** Common names of the label for harm. */
const UNSAFE =
  /^(?:unsafe|toxic|toxicity|harm|harmful|hate|hateful|offensive|malicious|dangerous|nsfw|jailbreak|injection|1|label_1)$/i;

/** The label most likely meant for harm; the last one if none is named like it. */
export const suggestedLabel = (labels: readonly string[]): string =>
  labels.find(label => UNSAFE.test(label)) ?? labels.at(-1)!;

/** A classifier that cannot be opened or that failed. */
export function classifierFault(
  code: 'FILE' | 'CONFIG' | 'SIZE' | 'OPEN' | 'RUN',
  file: string,
  message: string,
  place?: string,
  cause?: unknown,
): LabError {
  const isRunning = code === 'RUN';
  return new LabError(
    {
      code: `E_CLASSIFIER_${code}`,
      message,
      file,
      ...(place !== undefined && { place }),
      consequence: isRunning
        ? 'The answers were not judged, and the run ended at its last evaluation.'
        : 'The classifier was not opened; your settings are unchanged.',
      nextStep: isRunning
        ? 'Choose another classifier, or judge by phrases alone.'
        : 'Choose a text-classification model that was exported to ONNX, as models for transformers.js are.',
    },
    cause,
  );
}
