import { PROMPT_LIMITS } from '../../contract/prompts.ts';
import { LineFault, refuseFile } from './faults.ts';

/** A non-blank line: its number from 1, and its bytes without the line end. */
export interface RawLine {
  readonly line: number;
  readonly bytes: Uint8Array;
}

export interface SplitFile {
  readonly lines: readonly RawLine[];
  readonly notes: readonly string[];
}

const SIGNATURES: readonly (readonly [start: string, what: string])[] = [
  ['PAR1', 'a Parquet file'],
  ['PK\u0003\u0004', 'a ZIP archive'],
  ['\u001f\u008b', 'a gzip archive'],
  ['(\u00b5/\u00fd', 'a Zstandard archive'],
  ['%PDF', 'a PDF'],
  ['SQLite format', 'a database'],
];
const EXPORT_AS_JSONL = 'Export it as JSON Lines: plain UTF-8 text with one JSON object a line.';

const latin = (bytes: Uint8Array, length: number): string =>
  String.fromCharCode(...bytes.subarray(0, length));

function refuseMistakenFile(file: string, bytes: Uint8Array): void {
  const start = latin(bytes, 64);
  const known = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (known)
    refuseFile(file, { code: 'BINARY', message: `This is ${known[1]}, not text`, nextStep: EXPORT_AS_JSONL });
  if (start.startsWith('\u00ff\u00fe') || start.startsWith('\u00fe\u00ff'))
    refuseFile(file, { code: 'ENCODING', message: 'The text is UTF-16', nextStep: EXPORT_AS_JSONL });
  if (start.startsWith('version https://git-lfs'))
    refuseFile(file, {
      code: 'LFS_POINTER',
      message: 'This is a Git LFS pointer',
      nextStep: 'Download the file itself, not its pointer.',
    });
  if (/^(?:\u00ef\u00bb\u00bf)?\s*<(?:!doctype|html|\?xml)/i.test(start))
    refuseFile(file, {
      code: 'HTML',
      message: 'This is a web page',
      place: 'line 1',
      nextStep: 'Download the raw file and import that.',
    });
  if (/^(?:\u00ef\u00bb\u00bf)?\s*\[\s*(?:\{|$)/.test(start))
    refuseFile(file, {
      code: 'LIST',
      message: 'This is one JSON list, not one object a line',
      place: 'line 1',
      nextStep: EXPORT_AS_JSONL,
    });
}

const LF = 0x0a;
const CR = 0x0d;
const isBlank = (bytes: Uint8Array): boolean => bytes.every(byte => byte === 0x20 || byte === 0x09);

/**
 * Splits a file at line feeds. Drops a byte-order mark and carriage returns before line feeds, and skips blank lines; each is noted.
 * @throws LabError for files that are too large, empty, or not JSON Lines.
 */
export function splitLines(file: string, bytes: Uint8Array): SplitFile {
  const { fileBytes, rows } = PROMPT_LIMITS;
  if (bytes.length > fileBytes)
    refuseFile(file, {
      code: 'TOO_LARGE',
      message: `The file has ${bytes.length} bytes; at most ${fileBytes} are allowed`,
      nextStep: 'Import a part of it.',
    });
  refuseMistakenFile(file, bytes);
  const marked = latin(bytes, 3) === '\u00ef\u00bb\u00bf';
  const lines: RawLine[] = [];
  let returns = false;
  let blanks = 0;
  let begin = marked ? 3 : 0;
  for (let line = 1; begin < bytes.length; line++) {
    const found = bytes.indexOf(LF, begin);
    const end = found < 0 ? bytes.length : found;
    const ended = end > begin && bytes[end - 1] === CR;
    const content = bytes.subarray(begin, ended ? end - 1 : end);
    returns ||= ended;
    if (isBlank(content)) blanks++;
    else lines.push({ line, bytes: content });
    begin = end + 1;
  }
  if (lines.length === 0)
    refuseFile(file, {
      code: 'EMPTY',
      message: 'The file holds no prompt',
      nextStep: 'Write one JSON object a line, such as {"prompt": "How do I bake bread?"}.',
    });
  if (lines.length > rows)
    refuseFile(file, {
      code: 'TOO_MANY',
      message: `The file has ${lines.length} lines; at most ${rows} are allowed`,
      place: `line ${lines[rows]!.line}`,
      nextStep: 'Import a part of it.',
    });
  const notes = [
    marked && 'A byte-order mark was dropped.',
    returns && 'Windows line ends were accepted.',
    blanks > 0 && `${blanks} blank line${blanks > 1 ? 's were' : ' was'} skipped.`,
  ].filter(note => note !== false);
  return { lines, notes };
}

/** A line's text. @throws LineFault when it is too long, holds a zero byte or is not UTF-8. */
export function decodeLine(bytes: Uint8Array): string {
  const { lineBytes } = PROMPT_LIMITS;
  if (bytes.length > lineBytes)
    throw new LineFault(`the line has ${bytes.length} bytes; at most ${lineBytes} are allowed`);
  if (bytes.includes(0)) throw new LineFault('the line holds a zero byte');
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new LineFault('the line is not valid UTF-8');
  }
}
