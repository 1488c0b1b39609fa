import { LabError } from '../contract/errors.ts';
import type { ClassifierRegistry } from '../assets/classifier-registry.ts';
import type { PromptRegistry } from '../assets/prompt-registry.ts';
import type { ExportKind } from '../protocol/export-formats.ts';
import type { ExportFile } from '../protocol/model-api.ts';
import type { RunConfig } from '../settings/run-config.ts';
import { decoderLayout } from '../model/decoder-parameters.ts';
import { writeAdapter } from '../model/export/adapter.ts';
import { mergedSafetensors, trainedTensor } from '../model/export/merged-weights.ts';
import { FolderZip } from '../model/export/folder-zip.ts';
import { writeOnnx } from '../model/onnx/write-onnx.ts';
import type { CalibratedTeacher } from '../assets/artefacts.ts';
import { addTrlProject } from './export-trl.ts';
import { copyTexts, trainedWeights } from './exported-weights.ts';
import type { KnownModel } from './model-catalog.ts';

/** A run's student on the CPU. */
export interface RunStudent {
  readonly config: RunConfig;
  readonly step: number;
  /** Trainable values: all weights or the adapter, in the order of their layout. */
  readonly values: Float32Array<ArrayBuffer>;
  /** The teacher made by Cross-SFT, if any. */
  readonly calibrated: CalibratedTeacher | null;
}

/** What is needed of the student's model: no device. */
export interface ExportedModel extends KnownModel {
  readonly promptSets: Pick<PromptRegistry, 'find'>;
  readonly classifiers: Pick<ClassifierRegistry, 'find'>;
}

type Write = (zip: FolderZip, model: ExportedModel, student: RunStudent) => void | Promise<void>;

const WRITERS: Readonly<Record<ExportKind, Write>> = {
  adapter: addAdapter,
  merged: addMerged,
  onnx: addOnnx,
  trl: addTrlProject,
};

/** Largest ONNX graph: protobuf allows 2 GiB, and the graph is built in memory. */
const MOST_ONNX_BYTES = 2 ** 30;

/**
 * A run's student as a zip of a folder (docs/exports.md).
 * @throws LabError `E_EXPORT_LORA` for an adapter of a run without one, `E_EXPORT_SIZE`; as `addTrlProject`.
 */
export async function exportRun(
  kind: ExportKind,
  model: ExportedModel,
  student: RunStudent,
): Promise<ExportFile> {
  const zip = new FolderZip();
  await WRITERS[kind](zip, model, student);
  const name = model.name
    .replace(/^own: /, '')
    .replace(/@.*$/, '')
    .replace(/[^\w.-]+/g, '-');
  return { name: `${name}-${kind}-step-${student.step}.zip`, blob: zip.finish() };
}

function addAdapter(zip: FolderZip, { name, config }: ExportedModel, student: RunStudent): void {
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
  { config, folder, source }: ExportedModel,
  student: RunStudent,
): Promise<void> {
  await copyTexts(zip, source);
  const file = zip.begin('model.safetensors');
  for await (const piece of mergedSafetensors(
    config,
    folder.checkpoint,
    trainedWeights(config, student.config.lora, student.values),
  ))
    file.push(piece);
  file.end();
}

async function addOnnx(
  zip: FolderZip,
  { config, folder, source }: ExportedModel,
  student: RunStudent,
): Promise<void> {
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
    const tensor = folder.checkpoint.tensors.get(name)!;
    arrays.set(name, { shape, data: await trainedTensor(config, name, tensor, trained) });
  }
  await copyTexts(zip, source);
  zip.add('onnx/model.onnx', writeOnnx(config, arrays, { precision }));
}

function refuse(code: 'LORA' | 'SIZE', message: string, nextStep: string): never {
  throw new LabError({ code: `E_EXPORT_${code}`, message, consequence: 'Nothing was written.', nextStep });
}
