import type { InferenceSession } from 'onnxruntime-web';
import type { ExternalShape } from './external-shape.ts';
import { onnxFault } from './faults.ts';

/** What varies between exports of a decoder. */
export interface SessionLayout {
  readonly cacheType: 'float32' | 'float16';
  /** Exports that count positions by themselves have no such input. */
  readonly positions: boolean;
}

/** Names of the cache's inputs or outputs, layer by layer, key before value. */
export function cacheNames(prefix: 'past_key_values' | 'present', layers: number): string[] {
  return Array.from({ length: layers }, (_, i) => [`${prefix}.${i}.key`, `${prefix}.${i}.value`]).flat();
}

/**
 * Checks inputs and outputs of a session against `config.json`: `input_ids`, `attention_mask` and, where it is there,
 * `position_ids`, i64 [batch, length]; `past_key_values.{i}.key|value` [batch, kvHeads, past, headDim] and `present.{i}.…` of
 * one type, f32 or f16; `logits` f32 [batch, length, vocab]. Extents that the file leaves open pass. Further inputs are
 * refused, because nothing could be fed to them; further outputs are left alone.
 * @throws LabError `E_TEACHER_ONNX` naming the input or output.
 */
export function readSessionLayout(
  file: string,
  { inputMetadata, outputMetadata }: Pick<InferenceSession, 'inputMetadata' | 'outputMetadata'>,
  { vocab, layers, kvHeads, headDim }: ExternalShape,
): SessionLayout {
  const refuse = (place: string, message: string): never => {
    throw onnxFault(file, message, place);
  };
  const check = (
    kind: 'input' | 'output',
    name: string,
    types: readonly string[],
    extents: readonly (number | undefined)[],
  ): string => {
    const place = `${kind} "${name}"`;
    const found = (kind === 'input' ? inputMetadata : outputMetadata).find(value => value.name === name);
    if (!found) return refuse(place, `the model has no such ${kind}`);
    if (!found.isTensor) return refuse(place, 'it is no tensor');
    const { type, shape } = found;
    if (!types.includes(type)) refuse(place, `its type is ${type}; ${types.join(' or ')} is needed`);
    const fits =
      shape.length === extents.length &&
      extents.every(
        (extent, i) => extent === undefined || typeof shape[i] !== 'number' || shape[i] === extent,
      );
    if (!fits)
      refuse(
        place,
        `its shape is ${shape.join(' × ')}; config.json makes it ${extents.map(extent => extent ?? 'any').join(' × ')}`,
      );
    return type;
  };
  check('input', 'input_ids', ['int64'], [undefined, undefined]);
  check('input', 'attention_mask', ['int64'], [undefined, undefined]);
  const positions = inputMetadata.some(({ name }) => name === 'position_ids');
  if (positions) check('input', 'position_ids', ['int64'], [undefined, undefined]);
  check('output', 'logits', ['float32'], [undefined, undefined, vocab]);
  const [first, ...rest] = cacheNames('past_key_values', layers);
  const cache = [undefined, kvHeads, undefined, headDim];
  const cacheType = check('input', first!, ['float32', 'float16'], cache);
  for (const name of rest) check('input', name, [cacheType], cache);
  for (const name of cacheNames('present', layers)) check('output', name, [cacheType], cache);
  const known = new Set(['input_ids', 'attention_mask', 'position_ids', first, ...rest]);
  for (const { name } of inputMetadata)
    if (!known.has(name)) refuse(`input "${name}"`, 'nothing is known to feed to it');
  return { cacheType: cacheType as SessionLayout['cacheType'], positions };
}
