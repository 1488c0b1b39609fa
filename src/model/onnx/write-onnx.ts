import type { DecoderConfig } from '../config.ts';
import { decoderLayout } from '../decoder-parameters.ts';
import type { NamedArrays } from '../parameters.ts';
import { appendDecoder } from './decoder-graph.ts';
import { DATA_TYPE, OnnxGraph, type ModelHeader } from './graph-builder.ts';
import { MAX_HALF, toHalves } from './half.ts';

export interface OnnxOptions {
  /** How parameters are stored. Arithmetic, inputs and outputs are f32 either way. */
  readonly precision: 'f32' | 'f16';
}

/** Operator set 17 is the last whose ReduceMean takes its axes as an attribute; intermediate representation 8 came with it. */
const HEADER: Omit<ModelHeader, 'metadata'> = { irVersion: 8, opset: 17, producer: 'copsd-lab' };

/**
 * Writes a decoder as an ONNX file of standard operators, with the names that transformers.js expects of a decoder with KV
 * cache. Inputs: `input_ids`, `position_ids` i64 [batch, sequence]; `attention_mask` i64 [batch, past + sequence], 0 for padding;
 * `past_key_values.{layer}.key` and `.value` f32 [batch, kvHeads, past, headDim], where past may be 0. Outputs: `logits` f32
 * [batch, sequence, vocab]; `present.{layer}.key` and `.value` f32 [batch, kvHeads, past + sequence, headDim], keys rotated.
 * Positions must be below `contextLength`: rotations are looked up in tables of that many rows.
 * With f16 each parameter is rounded to the nearest f16 and cast back to f32 in the graph, so no device needs f16 arithmetic.
 * @throws RangeError where `arrays` and `config` differ (a name that is missing or too many, a shape), where f16 cannot hold a
 * value, or where the file would exceed protobuf's 2 GiB.
 */
export function writeOnnx(
  config: DecoderConfig,
  arrays: NamedArrays,
  { precision }: OnnxOptions,
): Uint8Array<ArrayBuffer> {
  const { entries } = decoderLayout(config);
  checkArrays(entries, arrays);
  const graph = new OnnxGraph();
  for (const { name, shape } of entries) {
    const { data } = arrays.get(name)!;
    if (precision === 'f32') {
      graph.constant(name, 'f32', shape, data);
      continue;
    }
    checkHalves(name, data);
    const stored = graph.constant(`${name}.f16`, 'f16', shape, toHalves(data));
    graph.node('Cast', name, [stored], { to: DATA_TYPE.f32 });
  }
  appendDecoder(graph, config);
  return graph.bytes('decoder', { ...HEADER, metadata: { precision } });
}

function checkArrays(
  entries: readonly { readonly name: string; readonly shape: readonly number[]; readonly length: number }[],
  arrays: NamedArrays,
): void {
  const known = new Set(entries.map(({ name }) => name));
  for (const name of arrays.keys())
    if (!known.has(name)) throw new RangeError(`tensor ${name} is no parameter of this decoder`);
  for (const { name, shape, length } of entries) {
    const array = arrays.get(name);
    if (!array) throw new RangeError(`tensor ${name} is missing`);
    if (array.shape.join('×') !== shape.join('×'))
      throw new RangeError(
        `tensor ${name} has shape ${array.shape.join('×')}; the configuration needs ${shape.join('×')}`,
      );
    if (array.data.length !== length)
      throw new RangeError(`tensor ${name} has ${array.data.length} values; its shape needs ${length}`);
  }
}

function checkHalves(name: string, data: Float32Array): void {
  const beyond = data.findIndex(value => !(Math.abs(value) <= MAX_HALF));
  if (beyond >= 0)
    throw new RangeError(
      `tensor ${name} has ${data[beyond]} at ${beyond}; f16 holds ±${MAX_HALF}: use precision f32`,
    );
}
