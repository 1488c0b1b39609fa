import { quoted, refuseFile, type Refuse } from './checkpoint/fault.ts';
import { parseStrictJson } from '../contract/strict-json.ts';
import { SOURCE_BYTES, type SourceType } from './weight-storage.ts';

/** Longest header accepted, as in the format's own library. */
const MAX_HEADER_BYTES = 100_000_000;

/** Bytes of the header's length at the start of the file. */
const LENGTH_BYTES = 8;

/** Bytes that `headerEnd` looks at, if the file has that many. */
export const PREFIX_BYTES = 64;

/** The header, its entries, a shape: nothing is nested deeper. */
const MAX_DEPTH = 3;

/** One tensor of a file: `begin` and `end` are byte offsets from the start of the file. */
export interface SafetensorsEntry {
  readonly name: string;
  readonly dtype: SourceType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Where the header ends and data begin, from the first `PREFIX_BYTES` of a file (format: huggingface/safetensors).
 * @throws LabError `E_SAFETENSORS_EMPTY`, `_TRUNCATED`, `_HEADER`; files of other formats by name: `_LFS_POINTER`, `_HTML`, `_ZIP`,
 * `_GGUF`, `_PICKLE`.
 */
export function headerEnd(prefix: Uint8Array, file: string, fileBytes: number): number {
  const refuse = refuser(file);
  if (fileBytes === 0) refuse({ code: 'E_SAFETENSORS_EMPTY', message: 'the file is empty' });
  if (fileBytes < LENGTH_BYTES)
    refuse({ code: 'E_SAFETENSORS_TRUNCATED', message: `${fileBytes} bytes are too few for a header` });
  const length = new DataView(prefix.buffer, prefix.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  const opens = prefix[LENGTH_BYTES] === 0x7b;
  // Other formats are told apart only where this cannot be a header: 0x80, for one, begins pickles and headers of 128 bytes alike.
  if (length > BigInt(MAX_HEADER_BYTES) || !opens) refuseOtherFormats(prefix, refuse);
  if (length === 0n)
    refuse({ code: 'E_SAFETENSORS_HEADER', message: 'the header is empty', place: 'bytes 0–8' });
  if (length > BigInt(MAX_HEADER_BYTES))
    refuse({
      code: 'E_SAFETENSORS_HEADER',
      message: `the header claims ${length} bytes; at most ${MAX_HEADER_BYTES} are read`,
      place: 'bytes 0–8',
    });
  const end = LENGTH_BYTES + Number(length);
  if (end > fileBytes)
    refuse({
      code: 'E_SAFETENSORS_TRUNCATED',
      message: `the header claims ${length} bytes of a file of ${fileBytes}`,
      place: 'bytes 0–8',
    });
  if (!opens)
    refuse({
      code: 'E_SAFETENSORS_HEADER',
      message: 'the header does not start with "{"',
      place: `byte ${LENGTH_BYTES}`,
    });
  return end;
}

/**
 * Reads a header strictly: every length, offset, shape and type is checked, and tensors must cover the data without overlap, hole or
 * trailing bytes. Entries come in the order of their bytes.
 * @param head the file up to the end that `headerEnd` gives, or longer.
 * @throws LabError `E_SAFETENSORS_…` naming file and place.
 */
export function parseHeader(
  head: Uint8Array,
  dataStart: number,
  file: string,
  fileBytes: number,
): SafetensorsEntry[] {
  const refuse = refuser(file);
  const parsed = parseStrictJson(
    head.subarray(LENGTH_BYTES, dataStart),
    { maxDepth: MAX_DEPTH, prototypeKeys: true },
    (problem, message, place) =>
      refuse({
        code: problem === 'DUPLICATE' ? 'E_SAFETENSORS_DUPLICATE' : 'E_SAFETENSORS_HEADER',
        message,
        place: place === undefined ? 'header' : `header, ${place}`,
      }),
  );
  const entries: SafetensorsEntry[] = [];
  // It opened with a brace, so it is an object.
  for (const [name, value] of Object.entries(parsed as object)) {
    if (name === '__metadata__') requireMetadata(value, refuse);
    else entries.push(readEntry(name, value, dataStart, refuse));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  expectCover(entries, dataStart, fileBytes, refuse);
  return entries;
}

function refuser(file: string): Refuse {
  return refusal =>
    refuseFile(file, {
      nextStep: 'Download the file again, or export it again as safetensors.',
      ...refusal,
    });
}

function refuseOtherFormats(prefix: Uint8Array, refuse: Refuse): void {
  const start = new TextDecoder('latin1').decode(prefix.subarray(0, PREFIX_BYTES));
  if (start.startsWith('version https://git-lfs'))
    refuse({
      code: 'E_SAFETENSORS_LFS_POINTER',
      message: 'this is a Git LFS pointer, not the weights themselves',
      place: 'byte 0',
      nextStep: 'Fetch the weights with "git lfs pull", or download the file from the model’s page.',
    });
  if (/^(?:\u00ef\u00bb\u00bf)?\s*<(?:!doctype|!--|html|\?xml)/i.test(start))
    refuse({ code: 'E_SAFETENSORS_HTML', message: 'this is a web page, not weights', place: 'byte 0' });
  if (start.startsWith('PK'))
    refuse({
      code: 'E_SAFETENSORS_ZIP',
      message: 'this is a ZIP archive; PyTorch’s own files are, and they can run code',
      place: 'byte 0',
    });
  if (start.startsWith('GGUF'))
    refuse({
      code: 'E_SAFETENSORS_GGUF',
      message: 'this is a GGUF file',
      place: 'byte 0',
      nextStep: 'Choose the model’s original folder with safetensors.',
    });
  if (prefix[0] === 0x80 && prefix[1]! >= 2 && prefix[1]! <= 5)
    refuse({
      code: 'E_SAFETENSORS_PICKLE',
      message: 'this is a Python pickle, which can run code',
      place: 'byte 0',
    });
}

/** A map of texts to texts, of which nothing is used. */
function requireMetadata(value: unknown, refuse: Refuse): void {
  if (isRecord(value) && Object.values(value).every(entry => typeof entry === 'string')) return;
  refuse({
    code: 'E_SAFETENSORS_HEADER',
    message: 'the metadata are not an object of texts',
    place: 'header, "__metadata__"',
  });
}

const FIELDS = new Set(['dtype', 'shape', 'data_offsets']);

function readEntry(name: string, value: unknown, dataStart: number, refuse: Refuse): SafetensorsEntry {
  const place = `tensor ${quoted(name)}`;
  if (!isRecord(value))
    return refuse({ code: 'E_SAFETENSORS_HEADER', message: 'an entry is not an object', place });
  const stranger = Object.keys(value).find(key => !FIELDS.has(key));
  if (stranger !== undefined)
    refuse({ code: 'E_SAFETENSORS_HEADER', message: `an entry has the field ${quoted(stranger)}`, place });
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isSourceType(dtype))
    return refuse({
      code: 'E_SAFETENSORS_DTYPE',
      message: `data type ${quoted(String(dtype))} is not read (F32, F16 and BF16 are)`,
      place,
      nextStep: 'Choose the model that was not quantised, in 16 or 32 bits.',
    });
  if (!isCounts(shape))
    return refuse({
      code: 'E_SAFETENSORS_SHAPE',
      message: 'the shape is not a list of whole numbers',
      place,
    });
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!)
    return refuse({
      code: 'E_SAFETENSORS_OFFSETS',
      message: 'the offsets are not two ascending whole numbers',
      place,
    });
  const bytes = bytesOf(shape, SOURCE_BYTES[dtype]);
  const [begin, end] = [offsets[0]!, offsets[1]!];
  if (bytes !== end - begin)
    refuse({
      code: 'E_SAFETENSORS_SHAPE',
      message: `shape ${shape.join('×').slice(0, 80)} of ${dtype} does not fill bytes ${begin}–${end}`,
      place,
    });
  return { name, dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

/** Bytes of a shape; null where any product on the way is beyond exact arithmetic, even if a zero follows. */
function bytesOf(shape: readonly number[], width: number): number | null {
  let bytes = width;
  for (const extent of shape) {
    bytes *= extent;
    if (!Number.isSafeInteger(bytes)) return null;
  }
  return bytes;
}

/** Tensors lie one behind the other, from the header to the end of the file. */
function expectCover(
  entries: readonly SafetensorsEntry[],
  dataStart: number,
  fileBytes: number,
  refuse: Refuse,
): void {
  let at = dataStart;
  let previous = 'the header';
  for (const { name, begin, end } of entries) {
    const place = `tensor ${quoted(name)}, data bytes ${begin - dataStart}–${end - dataStart}`;
    if (begin < at)
      refuse({ code: 'E_SAFETENSORS_OVERLAP', message: `a tensor overlaps ${previous}`, place });
    if (begin > at)
      refuse({
        code: 'E_SAFETENSORS_HOLE',
        message: `${begin - at} bytes before a tensor belong to none`,
        place,
      });
    at = end;
    previous = quoted(name);
  }
  const place = `byte ${Math.min(at, fileBytes)}`;
  if (at > fileBytes)
    refuse({
      code: 'E_SAFETENSORS_TRUNCATED',
      message: `the tensors need ${at} bytes, the file has ${fileBytes}`,
      place,
    });
  if (at < fileBytes)
    refuse({
      code: 'E_SAFETENSORS_TRAILING',
      message: `${fileBytes - at} bytes follow the last tensor`,
      place,
    });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSourceType = (value: unknown): value is SourceType =>
  typeof value === 'string' && Object.hasOwn(SOURCE_BYTES, value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) &&
  value.every(extent => Number.isSafeInteger(extent) && extent >= 0 && !Object.is(extent, -0));
