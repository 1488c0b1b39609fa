import { LabError } from '../contract/errors.ts';
import type { NamedArrays } from './parameters.ts';

/** Longest header that is read, as in the format's own library. */
const MAX_HEADER_BYTES = 100_000_000;

/** Bytes of one element of the data types that are read. */
const DTYPE_BYTES: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2 };

/** One tensor of a file: `begin` and `end` are byte offsets from the start of the file. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads the header of a safetensors file strictly: every length, offset, shape and type is checked, and tensors must cover
 * the data without overlap, hole or trailing bytes (format: huggingface/safetensors).
 * @throws LabError `E_SAFETENSORS_…` naming file and place.
 */
export function readSafetensorsHeader(
  bytes: Uint8Array,
  file: string,
  fileBytes = bytes.byteLength,
): SafetensorsEntry[] {
  const refuse = (code: string, message: string, place?: string): never => {
    throw new LabError({
      code: `E_SAFETENSORS_${code}`,
      message,
      file,
      ...(place === undefined ? {} : { place }),
      consequence: 'Nothing was loaded; what was open is unchanged.',
      nextStep: 'Download the file again, or export it again as safetensors.',
    });
  };
  if (fileBytes < 8) refuse('TRUNCATED', `${fileBytes} bytes are too few for a header`);
  const start = new TextDecoder().decode(bytes.subarray(0, 64));
  if (start.startsWith('version https://git-lfs'))
    refuse('LFS_POINTER', 'this is a Git LFS pointer, not the weights themselves');
  if (/^\s*<(!doctype|html)/i.test(start)) refuse('HTML', 'this is a web page, not weights');
  if (bytes[0] === 0x80 || start.startsWith('PK'))
    refuse('PICKLE', 'this is a PyTorch pickle, which can run code');
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (length === 0n) refuse('HEADER', 'the header is empty', 'bytes 0–8');
  if (length > BigInt(MAX_HEADER_BYTES)) refuse('HEADER', `the header claims ${length} bytes`, 'bytes 0–8');
  const dataStart = 8 + Number(length);
  if (dataStart > fileBytes)
    refuse('TRUNCATED', `the header claims ${length} bytes of a file of ${fileBytes}`, 'bytes 0–8');
  if (dataStart > bytes.byteLength)
    throw new RangeError(`header needs ${dataStart} bytes, ${bytes.byteLength} were given`);
  if (bytes[8] !== 0x7b) refuse('HEADER', 'the header does not start with "{"', 'byte 8');

  let text = '';
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, dataStart));
  } catch {
    refuse('HEADER', 'the header is not valid UTF-8');
  }
  const entries: SafetensorsEntry[] = [];
  for (const [name, value] of parseFlatJson(text, refuse)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: offsets } = value;
    const place = `tensor "${name}"`;
    const width = typeof dtype === 'string' ? DTYPE_BYTES[dtype] : undefined;
    if (width === undefined) {
      refuse('DTYPE', `data type ${String(dtype)} is not read (F32, F16 and BF16 are)`, place);
      continue;
    }
    if (!isCounts(shape)) {
      refuse('SHAPE', 'the shape is not a list of whole numbers', place);
      continue;
    }
    if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
      refuse('OFFSETS', 'the offsets are not two ascending whole numbers', place);
      continue;
    }
    const elements = shape.reduce((product, extent) => product * extent, 1);
    const [begin, end] = [offsets[0]!, offsets[1]!];
    if (!Number.isSafeInteger(elements) || elements * width !== end - begin)
      refuse(
        'SHAPE',
        `shape ${shape.join('×')} of ${String(dtype)} does not fill bytes ${begin}–${end}`,
        place,
      );
    entries.push({ name, dtype: dtype as string, shape, begin: dataStart + begin, end: dataStart + end });
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let at = dataStart;
  let previous = 'the header';
  for (const { name, begin, end } of entries) {
    const place = `"${name}" bytes ${begin - dataStart}–${end - dataStart}`;
    if (begin < at) refuse('OVERLAP', `"${name}" overlaps ${previous}`, place);
    if (begin > at) refuse('HOLE', `${begin - at} bytes before "${name}" belong to no tensor`, place);
    at = end;
    previous = `"${name}"`;
  }
  if (at > fileBytes) refuse('TRUNCATED', `the tensors need ${at} bytes, the file has ${fileBytes}`);
  if (at < fileBytes) refuse('TRAILING', `${fileBytes - at} bytes after the last tensor`);
  return entries;
}

/** Reads a whole file into f32 arrays. @throws LabError as `readSafetensorsHeader`. */
export function readSafetensors(bytes: Uint8Array, file: string): NamedArrays {
  return new Map(
    readSafetensorsHeader(bytes, file).map(({ name, dtype, shape, begin, end }) => [
      name,
      { shape, data: toFloat32(bytes.slice(begin, end), dtype) },
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

type Refuse = (code: string, message: string, place?: string) => never;

/** The header's entries in a Map, so that a name like `__proto__` is only a name; duplicate names are refused. */
function parseFlatJson(text: string, refuse: Refuse): Map<string, Record<string, unknown>> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return refuse(
      'HEADER',
      `the header is not valid JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  const entries = new Map<string, Record<string, unknown>>();
  for (const [name, value] of Object.entries(parsed as object)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      refuse('HEADER', 'an entry is not an object', `tensor "${name}"`);
    entries.set(name, value as Record<string, unknown>);
  }
  // JSON.parse keeps the last of two equal keys and takes `__proto__` as a key of its own: count keys in the text instead.
  const depthOneKeys = countTopLevelKeys(text);
  if (depthOneKeys !== entries.size) refuse('DUPLICATE', 'a tensor name occurs twice in the header');
  return entries;
}

/** Keys of the outermost object of valid JSON: colons at depth one outside strings. */
function countTopLevelKeys(text: string): number {
  let depth = 0;
  let keys = 0;
  let inString = false;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (inString) {
      if (character === '\\') i++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (character === ':' && depth === 1) keys++;
  }
  return keys;
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(extent => Number.isSafeInteger(extent) && extent >= 0);
}

function toFloat32(bytes: Uint8Array<ArrayBuffer>, dtype: string): Float32Array<ArrayBuffer> {
  if (dtype === 'F32') return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
  const halves = new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 2);
  const words = new Uint32Array(halves.length);
  const floats = new Float32Array(words.buffer);
  if (dtype === 'BF16') for (let i = 0; i < halves.length; i++) words[i] = halves[i]! << 16;
  else for (let i = 0; i < halves.length; i++) floats[i] = halfToFloat(halves[i]!);
  return floats;
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
