import type { DecoderConfig } from '../config.ts';
import { decoderLayout, EMBEDDING } from '../decoder-parameters.ts';
import { listed, quoted, refuseFile } from './fault.ts';

/** Anything with a shape. */
export type Shapes = ReadonlyMap<string, { readonly shape: readonly number[] }>;

const HEAD = 'lm_head.weight';
const LAYER = /^model\.layers\.(\d+)\./;

/** RoPE's frequencies, which old exports include; they follow from the configuration. */
const ROTARY_BUFFER = /^model\.(?:layers\.\d+\.self_attn\.)?rotary_emb\.inv_freq$/;

/**
 * Checks tensors against the decoder's parameters. RoPE's frequencies and, in a tied model, a head of the embedding's shape may also be
 * present; neither is read.
 * @param file that lists the tensors.
 * @returns names of the decoder's parameters.
 * @throws LabError `E_MODEL_LAYERS`, `E_MODEL_TENSOR_MISSING`, `E_MODEL_TENSOR_SHAPE`, `E_MODEL_TENSOR_UNEXPECTED`.
 */
export function checkTensors(config: DecoderConfig, tensors: Shapes, file: string): ReadonlySet<string> {
  const nextStep = 'Check that config.json and weights belong together, or download the model again.';
  // Before the layout, which has entries for each layer that the configuration claims.
  const layers = new Set([...tensors.keys()].flatMap(name => LAYER.exec(name)?.[1] ?? []));
  if (layers.size !== config.layers)
    refuseFile(file, {
      code: 'E_MODEL_LAYERS',
      message: `the weights have ${layers.size} layers; config.json asks for ${config.layers}`,
      place: 'tensors "model.layers.…"',
      nextStep,
    });
  const { entries } = decoderLayout(config);
  const missing = entries.filter(({ name }) => !tensors.has(name));
  if (missing.length > 0)
    refuseFile(file, {
      code: 'E_MODEL_TENSOR_MISSING',
      message: `the weights lack ${missing.length} of the model’s ${entries.length} tensors: ${listed(missing.map(({ name }) => name))}`,
      place: `tensor ${quoted(missing[0]!.name)}`,
      nextStep,
    });
  const misshapen = entries.filter(({ name, shape }) => !sameShape(tensors.get(name)!.shape, shape));
  if (misshapen.length > 0) {
    const [{ name, shape }] = misshapen as [(typeof misshapen)[number]];
    const found = tensors.get(name)!.shape.join('×').slice(0, 80);
    refuseFile(file, {
      code: 'E_MODEL_TENSOR_SHAPE',
      message:
        `${quoted(name)} has shape ${found}; config.json asks for ${shape.join('×')}` +
        (misshapen.length > 1
          ? `. So do others: ${listed(misshapen.slice(1).map(other => other.name))}`
          : ''),
      place: `tensor ${quoted(name)}`,
      nextStep,
    });
  }
  const names = new Set(entries.map(entry => entry.name));
  const idle = ({ name, shape }: { name: string; shape: readonly number[] }): boolean =>
    ROTARY_BUFFER.test(name) || (name === HEAD && sameShape(shape, tensors.get(EMBEDDING)!.shape));
  const strangers = [...tensors]
    .map(([name, { shape }]) => ({ name, shape }))
    .filter(tensor => !names.has(tensor.name) && !idle(tensor))
    .map(({ name }) => name);
  if (strangers.length > 0)
    refuseFile(file, {
      code: 'E_MODEL_TENSOR_UNEXPECTED',
      message: `the weights hold ${strangers.length} tensors that the model of config.json does not have: ${listed(strangers)}`,
      place: `tensor ${quoted(strangers[0]!)}`,
      nextStep,
    });
  return names;
}

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((extent, axis) => extent === b[axis]);
