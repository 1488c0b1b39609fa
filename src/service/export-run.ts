import { LabError } from '../contract/errors.ts';
import type { ExportFile, ExportKind } from '../protocol/model-api.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { decoderLayout } from '../model/decoder-parameters.ts';
import { writeAdapter } from '../model/export/adapter.ts';
import { mergedSafetensors, trainedTensor } from '../model/export/merged-weights.ts';
import { FolderZip } from '../model/export/folder-zip.ts';
import { writeOnnx } from '../model/onnx/write-onnx.ts';
import type { CalibratedTeacher } from '../assets/artefacts.ts';
import { addTrlProject } from './export-trl.ts';
import { copyTexts, trainedWeights } from './exported-weights.ts';
import type { OpenModel } from '../assets/open-model.ts';

/** A run's student on the CPU. */
export interface RunStudent {
  readonly config: RunConfig;
  readonly step: number;
  /** Trainable values: all weights or the adapter, in the order of their layout. */
  readonly values: Float32Array<ArrayBuffer>;
  /** What Cross-SFT made of the teacher, where it did. */
  readonly calibrated: CalibratedTeacher | null;
}

export type ExportedLab = Pick<
  OpenModel,
  'name' | 'config' | 'folder' | 'source' | 'tokenizer' | 'prompts' | 'chat' | 'promptSets' | 'classifiers'
>;

/** Largest ONNX graph: protobuf holds 2 GiB, and the graph is put together in memory. */
const MOST_ONNX_BYTES = 2 ** 30;

/**
 * A run's student as a zip of a folder (docs/exports.md).
 * @throws LabError `E_EXPORT_MODEL` where another model is open, `E_EXPORT_LORA` for an adapter of a run without one, `E_EXPORT_SIZE`.
 */
export async function exportRun(
  kind: ExportKind,
  lab: ExportedLab,
  student: RunStudent,
): Promise<ExportFile> {
  if (lab.name !== student.config.model)
    refuse(
      'MODEL',
      `the run’s model ${student.config.model} is not the one that is open`,
      'Start the run again.',
    );
  const zip = new FolderZip();
  if (kind === 'adapter') addAdapter(zip, lab, student);
  else if (kind === 'trl') await addTrlProject(zip, lab, student);
  else {
    await copyTexts(zip, lab.source);
    await (kind === 'merged' ? addMerged : addOnnx)(zip, lab, student);
  }
  const model = lab.name
    .replace(/^own: /, '')
    .replace(/@.*$/, '')
    .replace(/[^\w.-]+/g, '-');
  return { name: `${model}-${kind}-step-${student.step}.zip`, blob: zip.finish() };
}

function addAdapter(zip: FolderZip, { name, config }: ExportedLab, student: RunStudent): void {
  const trained = trainedWeights(config, student.config.lora, student.values);
  if (trained.kind === 'full')
    return refuse(
      'LORA',
      'the run trained all weights and has no adapter',
      'Save the merged weights instead.',
    );
  for (const [path, bytes] of writeAdapter(config, trained, name.replace(/@.*$/, ''))) zip.add(path, bytes);
}

async function addMerged(
  zip: FolderZip,
  { config, folder }: ExportedLab,
  student: RunStudent,
): Promise<void> {
  const file = zip.begin('model.safetensors');
  for await (const piece of mergedSafetensors(
    config,
    folder.checkpoint,
    trainedWeights(config, student.config.lora, student.values),
  ))
    file.push(piece);
  file.end();
}

async function addOnnx(zip: FolderZip, { config, folder }: ExportedLab, student: RunStudent): Promise<void> {
  const layout = decoderLayout(config);
  const precision = 4 * layout.count <= MOST_ONNX_BYTES ? 'f32' : 'f16';
  if (2 * layout.count > MOST_ONNX_BYTES)
    refuse(
      'SIZE',
      `the graph would take ${2 * layout.count} bytes; ${MOST_ONNX_BYTES} are written at most`,
      'Save the merged weights, and convert them with Hugging Face’s tools.',
    );
  const trained = trainedWeights(config, student.config.lora, student.values);
  const arrays = new Map<string, { shape: readonly number[]; data: Float32Array<ArrayBuffer> }>();
  for (const { name, shape } of layout.entries) {
    const source = folder.checkpoint.tensors.get(name)!;
    arrays.set(name, { shape, data: await trainedTensor(config, name, source, trained) });
  }
  zip.add('onnx/model.onnx', writeOnnx(config, arrays, { precision }));
}

function refuse(code: 'MODEL' | 'LORA' | 'SIZE', message: string, nextStep: string): never {
  throw new LabError({ code: `E_EXPORT_${code}`, message, consequence: 'Nothing was written.', nextStep });
}
