import type { Fault } from '../../contract/errors.ts';
import type { Outcome, TeacherFiles } from '../../protocol/lab-api.ts';

/** Larger graphs do not fit into a single buffer in a browser. */
const MOST_BYTES = 2 ** 31 - 1;

/** The path is empty, or missing outside browsers, where no folder was chosen. */
type Chosen = Pick<File, 'name' | 'size' | 'text' | 'arrayBuffer'> & { readonly webkitRelativePath?: string };

function refuse(message: string, nextStep: string, file?: string, place?: string): Outcome<never> {
  const fault: Fault = {
    code: 'E_TEACHER_FILES',
    message,
    ...(file && { file }),
    ...(place && { place }),
    consequence: 'No teacher was added; the settings are unchanged.',
    nextStep,
  };
  return { ok: false, fault };
}

async function json(file: Chosen): Promise<Outcome<unknown>> {
  try {
    return { ok: true, value: JSON.parse(await file.text()) as unknown };
  } catch (error) {
    return refuse(
      `is not readable as JSON: ${error instanceof Error ? error.message : String(error)}`,
      'Choose the file that was exported with the model.',
      file.name,
    );
  }
}

/** `model.onnx` where there are several graphs, else the only one. */
function graphOf(files: readonly Chosen[]): Chosen | readonly Chosen[] {
  const graphs = files.filter(({ name }) => name.endsWith('.onnx'));
  const main = graphs.filter(({ name }) => name === 'model.onnx');
  const [only, second] = main.length > 0 ? main : graphs;
  return only && !second ? only : graphs;
}

const folderOf = ({ webkitRelativePath }: Chosen): string => webkitRelativePath?.split('/')[0] ?? '';

/**
 * An external teacher from the files that the user chose, or from a folder: `config.json`, `tokenizer.json` and one graph, `*.onnx`; others
 * are ignored. Its name is that of the folder, or of the graph.
 */
export async function readTeacherFiles(files: readonly Chosen[]): Promise<Outcome<TeacherFiles>> {
  const named = (name: string): Chosen | undefined => files.find(file => file.name === name);
  const [config, tokenizer, graph] = [named('config.json'), named('tokenizer.json'), graphOf(files)];
  const missing = [
    ...(config ? [] : ['config.json']),
    ...(tokenizer ? [] : ['tokenizer.json']),
    ...('length' in graph && graph.length === 0 ? ['graph (*.onnx)'] : []),
  ];
  if (!config || !tokenizer || missing.length > 0)
    return refuse(
      `among the ${files.length} chosen ${files.length === 1 ? 'file' : 'files'} there is no ${missing.join(' and no ')}`,
      'Choose the model’s folder, or its three files at once.',
    );
  if ('length' in graph)
    return refuse(
      `there are ${graph.length} graphs and none of them, or more than one, is model.onnx`,
      'Choose config.json, tokenizer.json and the one graph that is to teach.',
      graph.map(({ name }) => name).join(', '),
    );
  if (graph.size > MOST_BYTES)
    return refuse(
      `has ${graph.size} bytes; at most ${MOST_BYTES} can be opened here`,
      'Choose a smaller or a quantised export.',
      graph.name,
    );
  const [configuration, tokens] = await Promise.all([json(config), json(tokenizer)]);
  if (!configuration.ok) return configuration;
  if (!tokens.ok) return tokens;
  try {
    const onnx = new Uint8Array(await graph.arrayBuffer());
    const name = folderOf(graph) || graph.name.replace(/\.onnx$/, '');
    return { ok: true, value: { name, config: configuration.value, tokenizer: tokens.value, onnx } };
  } catch (error) {
    return refuse(
      `could not be read: ${error instanceof Error ? error.message : String(error)}`,
      'Choose the files again; they may have moved or changed.',
      graph.name,
    );
  }
}
