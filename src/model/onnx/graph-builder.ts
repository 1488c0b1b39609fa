import { ProtobufMessage } from './protobuf.ts';

/** Element types, by their numbers in ONNX's TensorProto.DataType. */
export const DATA_TYPE = { f32: 1, i64: 7, bool: 9, f16: 10 } as const;
export type DataType = keyof typeof DATA_TYPE;

/** An extent that is fixed, or the name of one that each run decides. */
export type Extent = number | string;

/** A whole number (INT) or a list of them (INTS): no operator used here takes others. */
export type Attribute = number | readonly number[];

/** The name of a value in the graph. */
export type Value = string;

/** What tells a reader how to take the file; see the ONNX specification's IR.md and Versioning.md. */
export interface ModelHeader {
  readonly irVersion: number;
  /** Version of the standard operators (domain ""). */
  readonly opset: number;
  readonly producer: string;
  /** Free key-value pairs. */
  readonly metadata: Readonly<Record<string, string>>;
}

const ATTRIBUTE_INT = 2;
const ATTRIBUTE_INTS = 7;

/**
 * Builds a ModelProto (github.com/onnx/onnx, onnx.proto) node by node. A node's inputs must exist before it, as ONNX demands
 * of the order of nodes; every value has one name, and no two are alike.
 */
export class OnnxGraph {
  readonly #nodes: ProtobufMessage[] = [];
  readonly #initializers: ProtobufMessage[] = [];
  readonly #inputs: ProtobufMessage[] = [];
  readonly #outputs: ProtobufMessage[] = [];
  readonly #values = new Set<Value>();

  input(name: Value, type: DataType, shape: readonly Extent[]): Value {
    this.#inputs.push(valueInfo(name, type, shape));
    return this.#define(name);
  }

  /** Declares a value of the graph as one of its outputs. @throws RangeError where there is none of that name. */
  output(name: Value, type: DataType, shape: readonly Extent[]): void {
    this.#require(name, 'the graph');
    this.#outputs.push(valueInfo(name, type, shape));
  }

  /** A constant. `data` is row-major and little-endian, and kept by reference until `bytes()`. */
  constant(name: Value, type: DataType, shape: readonly number[], data: ArrayBufferView<ArrayBuffer>): Value {
    const tensor = new ProtobufMessage();
    for (const extent of shape) tensor.int(1, extent);
    tensor.int(2, DATA_TYPE[type]).string(8, name);
    tensor.raw(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    this.#initializers.push(tensor);
    return this.#define(name);
  }

  /** A constant vector of int64: a shape, axes and the like. Equal ones are one value. */
  integers(...values: number[]): Value {
    const name = `i64:${values.join(',')}`;
    if (this.#values.has(name)) return name;
    return this.constant(name, 'i64', [values.length], BigInt64Array.from(values, BigInt));
  }

  /** A constant int64 scalar. Equal ones are one value. */
  index(number: number): Value {
    const name = `i64:${number}:scalar`;
    return this.#values.has(name) ? name : this.constant(name, 'i64', [], BigInt64Array.of(BigInt(number)));
  }

  /** A constant f32 scalar. Equal ones are one value. */
  scalar(number: number): Value {
    const name = `f32:${number}`;
    return this.#values.has(name) ? name : this.constant(name, 'f32', [], Float32Array.of(number));
  }

  /** Appends a node with one output, called `output`, and returns that name. */
  node(
    operator: string,
    output: Value,
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): Value {
    this.nodes(operator, [output], inputs, attributes);
    return output;
  }

  /** Appends a node with several outputs. @throws RangeError where an input does not exist yet or an output already does. */
  nodes(
    operator: string,
    outputs: readonly Value[],
    inputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): void {
    const node = new ProtobufMessage();
    for (const input of inputs) node.string(1, this.#require(input, `${operator} ${outputs[0]}`));
    for (const output of outputs) node.string(2, this.#define(output));
    node.string(3, `${operator}:${outputs[0]}`).string(4, operator);
    for (const [name, value] of Object.entries(attributes)) node.message(5, attribute(name, value));
    this.#nodes.push(node);
  }

  /** The file. @throws RangeError where it exceeds what protobuf allows. */
  bytes(name: string, { irVersion, opset, producer, metadata }: ModelHeader): Uint8Array<ArrayBuffer> {
    const graph = new ProtobufMessage();
    for (const node of this.#nodes) graph.message(1, node);
    graph.string(2, name);
    for (const initializer of this.#initializers) graph.message(5, initializer);
    for (const input of this.#inputs) graph.message(11, input);
    for (const output of this.#outputs) graph.message(12, output);
    const model = new ProtobufMessage().int(1, irVersion).string(2, producer).message(7, graph);
    model.message(8, new ProtobufMessage().string(1, '').int(2, opset));
    for (const [key, value] of Object.entries(metadata))
      model.message(14, new ProtobufMessage().string(1, key).string(2, value));
    return model.bytes();
  }

  #define(name: Value): Value {
    if (this.#values.has(name)) throw new RangeError(`the graph has two values called ${name}`);
    this.#values.add(name);
    return name;
  }

  #require(name: Value, by: string): Value {
    if (!this.#values.has(name)) throw new RangeError(`${by} needs ${name}, which no node before it makes`);
    return name;
  }
}

function attribute(name: string, value: Attribute): ProtobufMessage {
  const message = new ProtobufMessage().string(1, name);
  if (typeof value === 'number') return message.int(3, value).int(20, ATTRIBUTE_INT);
  for (const element of value) message.int(8, element);
  return message.int(20, ATTRIBUTE_INTS);
}

function valueInfo(name: Value, type: DataType, extents: readonly Extent[]): ProtobufMessage {
  const shape = new ProtobufMessage();
  for (const extent of extents) {
    const dimension = new ProtobufMessage();
    shape.message(1, typeof extent === 'number' ? dimension.int(1, extent) : dimension.string(2, extent));
  }
  const tensor = new ProtobufMessage().int(1, DATA_TYPE[type]).message(2, shape);
  return new ProtobufMessage().string(1, name).message(2, new ProtobufMessage().message(1, tensor));
}
