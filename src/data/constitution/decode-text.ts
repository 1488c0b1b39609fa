import { lineOf, refuse } from './faults.ts';
import { refuseHiddenCharacters } from './hidden-characters.ts';

/** Largest file, in bytes: a constitution is a page of rules. */
const MAX_BYTES = 128 * 1024;

const SIGNATURES: readonly { readonly name: string; readonly bytes: readonly number[] }[] = [
  { name: 'a PDF', bytes: [0x25, 0x50, 0x44, 0x46] },
  { name: 'a ZIP or office document', bytes: [0x50, 0x4b, 0x03, 0x04] },
  { name: 'a gzip archive', bytes: [0x1f, 0x8b] },
  { name: 'a PNG image', bytes: [0x89, 0x50, 0x4e, 0x47] },
  { name: 'a JPEG image', bytes: [0xff, 0xd8, 0xff] },
];
const UTF16_MARKS: readonly (readonly number[])[] = [
  [0xff, 0xfe],
  [0xfe, 0xff],
];
const UTF8_MARK = [0xef, 0xbb, 0xbf];

const SAVE_AS_TEXT = 'Save it as plain UTF-8 text and import it again.';

const startsWith = (bytes: Uint8Array, start: readonly number[]): boolean =>
  start.every((byte, index) => bytes[index] === byte);

function refuseBinary(file: string, bytes: Uint8Array): void {
  const known = SIGNATURES.find(signature => startsWith(bytes, signature.bytes));
  if (known)
    refuse(file, { code: 'BINARY', message: `This is ${known.name}, not text`, nextStep: SAVE_AS_TEXT });
  if (UTF16_MARKS.some(mark => startsWith(bytes, mark))) {
    refuse(file, { code: 'ENCODING', message: 'The text is UTF-16', nextStep: SAVE_AS_TEXT });
  }
  const nul = bytes.indexOf(0);
  if (nul >= 0) {
    refuse(file, {
      code: 'BINARY',
      message: 'The file holds a zero byte',
      place: `byte ${nul}`,
      nextStep: SAVE_AS_TEXT,
    });
  }
}

function decodeUtf8(file: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // The replacement character stands where decoding first fails; it is only used to name the place.
    const lenient = new TextDecoder('utf-8').decode(bytes);
    return refuse(file, {
      code: 'ENCODING',
      message: 'The text is not valid UTF-8',
      place: lineOf(lenient, Math.max(0, lenient.indexOf('\ufffd'))),
      nextStep: SAVE_AS_TEXT,
    });
  }
}

/** Text of a file and what was changed in it. */
export interface DecodedText {
  readonly text: string;
  readonly notes: readonly string[];
}

/**
 * Decodes a file strictly: UTF-8 only, at most MAX_BYTES, no binary, control, direction or invisible characters. A byte-order
 * mark is dropped and every line end becomes "\n"; both are noted.
 */
export function decodeText(file: string, bytes: Uint8Array): DecodedText {
  if (bytes.length > MAX_BYTES) {
    const message = `The file has ${bytes.length} bytes; at most ${MAX_BYTES} are taken`;
    refuse(file, { code: 'TOO_LARGE', message, nextStep: 'Shorten it to the rules themselves.' });
  }
  refuseBinary(file, bytes);
  const notes: string[] = [];
  const marked = startsWith(bytes, UTF8_MARK);
  if (marked) notes.push('A byte-order mark was dropped.');
  const decoded = decodeUtf8(file, marked ? bytes.subarray(UTF8_MARK.length) : bytes);
  const text = decoded.replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n');
  if (text !== decoded) notes.push('Line ends were made uniform.');
  refuseHiddenCharacters(file, text);
  if (text.trim() === '') {
    refuse(file, {
      code: 'EMPTY',
      message: 'The file holds no text',
      nextStep: 'Write one rule a line and import again.',
    });
  }
  return { text, notes };
}
