import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../../src/model/config.ts';
import { writeOnnx, type OnnxOptions } from '../../src/model/onnx/write-onnx.ts';
import { readSafetensors } from '../../src/model/safetensors.ts';

const USAGE = `usage: npm run export:onnx -- --out FOLDER [--model public/models/world-s] [--precision f32|f16]

Writes a model folder that transformers.js loads with pipeline('text-generation', name, { dtype: 'fp32' }): the decoder as
onnx/model.onnx beside copies of the configuration and the tokenizer. With f16 (as is usual without the option) the weights take
half the space; arithmetic, inputs and outputs are f32 either way, so the dtype is 'fp32' for both.`;

const WEIGHTS = 'model.safetensors';

export interface ExportOptions {
  /** Model folder in Hugging Face layout: config.json, model.safetensors and what else it has. */
  readonly model: string;
  /** Folder to write into; created if missing, and files of the same names are overwritten. */
  readonly out: string;
  readonly precision: OnnxOptions['precision'];
}

/** The files that were written, as paths inside `out` with their sizes in bytes. */
export type ExportedFiles = readonly { readonly path: string; readonly bytes: number }[];

/**
 * Exports a model folder for transformers.js.
 * @throws RangeError where both folders are the same or weights and configuration differ, UnsupportedConfigError and LabError for
 * files that the engine cannot read.
 */
export async function exportModel({ model, out, precision }: ExportOptions): Promise<ExportedFiles> {
  if (relative(resolve(model), resolve(out)) === '')
    throw new RangeError(`the export would be mixed with the model in ${model}; name another folder`);
  const config = readConfig(JSON.parse(await readFile(join(model, 'config.json'), 'utf8')));
  const weights = new Uint8Array(await readFile(join(model, WEIGHTS)));
  const onnx = writeOnnx(config, readSafetensors(weights, WEIGHTS), { precision });

  const path = 'onnx/model.onnx';
  await mkdir(dirname(join(out, path)), { recursive: true });
  await writeFile(join(out, path), onnx);
  const written = [{ path, bytes: onnx.byteLength }];
  for (const { name } of (await readdir(model, { withFileTypes: true })).filter(entry => entry.isFile())) {
    if (name === WEIGHTS) continue;
    await copyFile(join(model, name), join(out, name));
    written.push({ path: name, bytes: (await stat(join(out, name))).size });
  }
  return written;
}

export async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      model: { type: 'string', default: 'public/models/world-s' },
      out: { type: 'string' },
      precision: { type: 'string', default: 'f16' },
      help: { type: 'boolean', default: false },
    },
  });
  const { model, out, precision } = values;
  if (values.help || out === undefined || (precision !== 'f32' && precision !== 'f16')) {
    console.log(USAGE);
    if (!values.help) process.exitCode = 2;
    return;
  }
  for (const { path, bytes } of await exportModel({ model, out, precision }))
    console.log(`${join(out, path)}: ${bytes} bytes`);
}
