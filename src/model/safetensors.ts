import type { NamedArrays } from './parameters.ts';
import { headerEnd, parseHeader, type SafetensorsEntry } from './safetensors-header.ts';
import { widen } from './weight-storage.ts';

export type { SafetensorsEntry };

/**
 * Strictly reads the header of a file in memory (format: huggingface/safetensors). Entries come in the order of their bytes.
 * @param bytes the file, or its beginning up to the end of the header.
 * @throws LabError `E_SAFETENSORS_…` naming file and place; RangeError when `bytes` ends within the header.
 */
export function readSafetensorsHeader(
  bytes: Uint8Array,
  file: string,
  fileBytes = bytes.byteLength,
): SafetensorsEntry[] {
  const dataStart = headerEnd(bytes, file, fileBytes);
  if (dataStart > bytes.byteLength)
    throw new RangeError(`header needs ${dataStart} bytes, ${bytes.byteLength} were given`);
  return parseHeader(bytes, dataStart, file, fileBytes);
}

/** Reads a whole file into f32 arrays, which are copies. @throws LabError as `readSafetensorsHeader`. */
export function readSafetensors(bytes: Uint8Array, file: string): NamedArrays {
  return new Map(
    readSafetensorsHeader(bytes, file).map(({ name, dtype, shape, begin, end }) => [
      name,
      { shape, data: widen(new Uint8Array(bytes.subarray(begin, end)), dtype) },
    ]),
  );
}

/** Writes f32 tensors, sorted by name, with the header padded to eight bytes as the format's own writer does. */
export function writeSafetensors(
  arrays: NamedArrays,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const names = [...arrays.keys()].sort();
  const header: Record<string, unknown> = { __metadata__: { format: 'pt', ...metadata } };
  let offset = 0;
  for (const name of names) {
    const { shape, data } = arrays.get(name)!;
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const unpadded = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(unpadded.byteLength / 8) * 8;
  const file = new Uint8Array(8 + headerBytes + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8, 8 + headerBytes).set(unpadded, 8);
  let at = 8 + headerBytes;
  for (const name of names) {
    const { data } = arrays.get(name)!;
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}
