import type { DecoderConfig } from '../config.ts';
import { loraLayout, type LoraShape } from '../lora.ts';
import type { NamedArrays, ParameterLayout } from '../parameters.ts';
import { readSafetensors, writeSafetensors } from '../safetensors.ts';
import { adapterConfig, readAdapterConfig, type AdapterSettings } from './adapter-config.ts';
import { ADAPTER_CONFIG, ADAPTER_WEIGHTS, refuseAdapter } from './adapter-fault.ts';

/** Bytes of the files of a folder, by their names. */
export type FolderFiles = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** An adapter on the CPU: what it adapts, and its matrices under PEFT's names. */
export interface LoraAdapter {
  readonly shape: LoraShape;
  readonly arrays: NamedArrays;
}

/**
 * The two files that make PEFT load an adapter: `adapter_config.json` and `adapter_model.safetensors` (f32).
 * @param base what PEFT loads the base model from: `owner/name` on the hub, or a folder
 * @throws RangeError when a matrix is missing, misshapen or too many.
 */
export function writeAdapter(
  config: DecoderConfig,
  { shape, arrays }: LoraAdapter,
  base: string,
): FolderFiles {
  const { entries } = loraLayout(config, shape);
  const problem = mismatch(entries, arrays);
  if (problem) throw new RangeError(problem.message);
  const json = `${JSON.stringify(adapterConfig(config, shape, base), null, 2)}\n`;
  return new Map([
    [ADAPTER_CONFIG, new TextEncoder().encode(json)],
    // PEFT and transformers refuse safetensors whose metadata do not name a framework.
    [ADAPTER_WEIGHTS, writeSafetensors(arrays, { format: 'pt' })],
  ]);
}

/**
 * Reads an adapter's folder for a model, strictly: every matrix that the configuration asks for is there, of the model's shape,
 * finite, and none besides. F16 and BF16 are widened.
 * @throws LabError `E_ADAPTER_FILES`, `E_ADAPTER_TENSORS`, `E_ADAPTER_SHAPE`, `E_ADAPTER_VALUES`; what `readAdapterConfig` and
 * `readSafetensors` throw.
 */
export function readAdapter(files: FolderFiles, config: DecoderConfig): LoraAdapter & AdapterSettings {
  const settings = readAdapterConfig(new TextDecoder().decode(present(files, ADAPTER_CONFIG)), config);
  const arrays = readSafetensors(present(files, ADAPTER_WEIGHTS), ADAPTER_WEIGHTS);
  const { entries } = loraLayout(config, settings.shape);
  const problem = mismatch(entries, arrays);
  if (problem) refuseAdapter(ADAPTER_WEIGHTS, problem);
  for (const [name, { data }] of arrays)
    if (!data.every(Number.isFinite))
      refuseAdapter(ADAPTER_WEIGHTS, {
        code: 'E_ADAPTER_VALUES',
        message: `${name} has values that are not finite`,
        place: `tensor "${name}"`,
      });
  return { ...settings, arrays };
}

function present(
  files: FolderFiles,
  name: typeof ADAPTER_CONFIG | typeof ADAPTER_WEIGHTS,
): Uint8Array<ArrayBuffer> {
  return (
    files.get(name) ??
    refuseAdapter(name, {
      code: 'E_ADAPTER_FILES',
      message: 'the folder has no such file',
      nextStep: `An adapter's folder has ${ADAPTER_CONFIG} and ${ADAPTER_WEIGHTS}; choose both.`,
    })
  );
}

/** The first difference between the matrices that are needed and those that are there. */
function mismatch(
  entries: ParameterLayout['entries'],
  arrays: NamedArrays,
): { code: `E_${string}`; message: string; place: string } | undefined {
  for (const { name, shape } of entries) {
    const place = `tensor "${name}"`;
    const found = arrays.get(name);
    if (!found) return { code: 'E_ADAPTER_TENSORS', message: `${name} is missing`, place };
    if (found.shape.join() !== shape.join())
      return {
        code: 'E_ADAPTER_SHAPE',
        message: `${name} has shape ${found.shape.join('×')}; rank and model make it ${shape.join('×')}`,
        place,
      };
  }
  const needed = new Set(entries.map(({ name }) => name));
  const foreign = [...arrays.keys()].find(name => !needed.has(name));
  return foreign === undefined
    ? undefined
    : {
        code: 'E_ADAPTER_TENSORS',
        message: `${foreign.slice(0, 200)} is not among the matrices that ${ADAPTER_CONFIG} describes`,
        place: `tensor "${foreign.slice(0, 200)}"`,
      };
}
