const encoder = new TextEncoder();

/** Wire types of protobuf that ONNX files use. */
const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Longest message that protobuf's readers accept. */
const MAX_MESSAGE_BYTES = 2 ** 31 - 1;

/**
 * Writer of one protobuf message (wire format: protobuf.dev/programming-guides/encoding). Fields appear in the order of the
 * calls; a repeated field is written once an element. Bytes and nested messages are kept by reference, not copied, until
 * `bytes()`: nobody may change them before.
 */
export class ProtobufMessage {
  readonly #chunks: Uint8Array[] = [];
  #byteLength = 0;

  /** An int64, int32 or enum field; negative numbers take ten bytes, as in any signed varint field. */
  int(field: number, value: number | bigint): this {
    this.#append(varint((field << 3) | VARINT), varint(value));
    return this;
  }

  string(field: number, value: string): this {
    return this.raw(field, encoder.encode(value));
  }

  raw(field: number, value: Uint8Array): this {
    this.#append(varint((field << 3) | LENGTH_DELIMITED), varint(value.byteLength), value);
    return this;
  }

  message(field: number, value: ProtobufMessage): this {
    this.#append(varint((field << 3) | LENGTH_DELIMITED), varint(value.#byteLength), ...value.#chunks);
    return this;
  }

  /** The message in one new array. @throws RangeError where it is longer than readers accept. */
  bytes(): Uint8Array<ArrayBuffer> {
    if (this.#byteLength > MAX_MESSAGE_BYTES)
      throw new RangeError(
        `the message has ${this.#byteLength} bytes; protobuf allows ${MAX_MESSAGE_BYTES}: store the weights as f16`,
      );
    const all = new Uint8Array(this.#byteLength);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.byteLength;
    }
    return all;
  }

  #append(...chunks: readonly Uint8Array[]): void {
    for (const chunk of chunks) {
      this.#chunks.push(chunk);
      this.#byteLength += chunk.byteLength;
    }
  }
}

/** Base 128, least significant group first; a set high bit says that another byte follows. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
