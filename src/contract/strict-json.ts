/** What can be wrong with a JSON text. */
export type JsonProblem = 'ENCODING' | 'SYNTAX' | 'DEPTH' | 'DUPLICATE' | 'KEY';

/** Given what is wrong and where, throws. */
export type RefuseJson = (problem: JsonProblem, message: string, place?: string) => never;

export interface JsonLimits {
  readonly maxDepth: number;
  /** Whether `__proto__` is allowed as a key, for objects keyed by tokens or tensors. It becomes an ordinary property. */
  readonly prototypeKeys?: boolean;
}

/**
 * Parses JSON (RFC 8259) strictly: valid UTF-8 without a byte order mark, nesting up to `maxDepth`, no key twice in one object, even when
 * written with escapes. `JSON.parse` alone would keep the last of two equal keys. Linear in the length of the text.
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits, refuse: RefuseJson): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return refuse('ENCODING', 'the text is not valid UTF-8', `byte ${firstInvalid(bytes)}`);
  }
  if (text.startsWith('\ufeff')) refuse('ENCODING', 'the text starts with a byte order mark', 'byte 0');
  const objection = survey(text, limits);
  if (objection?.problem === 'DEPTH')
    refuse('DEPTH', `the data are nested more than ${limits.maxDepth} deep`, placeOf(text, objection.at));
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    const { at, reason } = syntaxFault(text);
    refuse('SYNTAX', `the text is not valid JSON: ${reason}`, placeOf(text, at));
  }
  if (objection) {
    const key = JSON.stringify(objection.key.slice(0, 60));
    if (objection.problem === 'KEY')
      refuse('KEY', `the key ${key} is not one of any setting`, placeOf(text, objection.at));
    refuse('DUPLICATE', `the key ${key} is given twice in one object`, placeOf(text, objection.at));
  }
  return value;
}

interface Objection {
  readonly problem: JsonProblem;
  readonly key: string;
  readonly at: number;
}

const MARK = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openList: 0x5b,
  backslash: 0x5c,
  closeList: 0x5d,
  openObject: 0x7b,
  closeObject: 0x7d,
} as const;

/** The first objection to a text that may be invalid. Depth is checked first, so that no parser sees a text that is too deep for it. */
function survey(text: string, { maxDepth, prototypeKeys = false }: JsonLimits): Objection | null {
  /** The keys seen in each open object; null for each open list. */
  const open: (Set<string> | null)[] = [];
  let first: Objection | null = null;
  let expectsKey = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case MARK.quote: {
        const end = endOfString(text, at);
        const keys = open.at(-1);
        if (expectsKey && keys && !first) {
          const key = keyOf(text.slice(at + 1, end));
          if (keys.has(key)) first = { problem: 'DUPLICATE', key, at };
          else if (key === '__proto__' && !prototypeKeys) first = { problem: 'KEY', key, at };
          keys.add(key);
        }
        expectsKey = false;
        at = end;
        break;
      }
      case MARK.openObject:
      case MARK.openList: {
        if (open.length >= maxDepth) return { problem: 'DEPTH', key: '', at };
        expectsKey = text.charCodeAt(at) === MARK.openObject;
        open.push(expectsKey ? new Set() : null);
        break;
      }
      case MARK.closeObject:
      case MARK.closeList:
        open.pop();
        expectsKey = false;
        break;
      case MARK.comma:
        expectsKey = open.at(-1) instanceof Set;
        break;
      case MARK.colon:
        expectsKey = false;
        break;
    }
  }
  return first;
}

const BLANKS = /[ \t\n\r]*/y;
const SCALAR = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** What begins at `at`: a mark, a string, another scalar, or nothing that JSON knows; and where it ends. */
function tokenAt(text: string, at: number): { readonly kind: string; readonly end: number } {
  const first = text.charAt(at);
  if ('{}[],:'.includes(first)) return { kind: first, end: at + 1 };
  if (first === '"') {
    const end = endOfString(text, at) + 1;
    try {
      JSON.parse(text.slice(at, end));
      return { kind: 'string', end };
    } catch {
      return { kind: 'broken', end };
    }
  }
  SCALAR.lastIndex = at;
  return SCALAR.test(text) ? { kind: 'scalar', end: SCALAR.lastIndex } : { kind: 'broken', end: at };
}

/** Where a text breaks the grammar, and how: a browser's own error may leave out either. */
function syntaxFault(text: string): { readonly at: number; readonly reason: string } {
  const open: string[] = [];
  let expects: 'value' | 'first' | 'key' | 'colon' | 'next' = 'value';
  for (let from = 0; ;) {
    BLANKS.lastIndex = from;
    BLANKS.test(text);
    const at = BLANKS.lastIndex;
    const { kind, end } = tokenAt(text, at);
    const inside = open.at(-1);
    const closes = (kind === '}' && inside === '{') || (kind === ']' && inside === '[');
    if (closes && (expects === 'next' || expects === 'first')) {
      open.pop();
      expects = 'next';
    } else if (expects === 'next') {
      if (inside === undefined) return { at, reason: 'it goes on after the value' };
      if (kind !== ',')
        return { at, reason: inside === '{' ? 'an object is not closed' : 'a list is not closed' };
      expects = inside === '{' ? 'key' : 'value';
    } else if (expects === 'key' || (expects === 'first' && inside === '{')) {
      if (kind !== 'string') return { at, reason: 'a key in double quotes is expected' };
      expects = 'colon';
    } else if (expects === 'colon') {
      if (kind !== ':') return { at, reason: 'a colon is expected' };
      expects = 'value';
    } else if (kind === '{' || kind === '[') {
      open.push(kind);
      expects = 'first';
    } else if (kind === 'string' || kind === 'scalar') expects = 'next';
    else return { at, reason: 'a value is expected' };
    from = end;
  }
}

/** Index of the quotation mark that closes the string opened at `start`; the end of the text if none does. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === MARK.backslash) slashes++;
    if (slashes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return text.length;
}

/** A key with its escapes decoded; as written where it is not a valid string, which the parser will report. */
function keyOf(spelling: string): string {
  if (!spelling.includes('\\')) return spelling;
  try {
    return JSON.parse(`"${spelling}"`) as string;
  } catch {
    return spelling;
  }
}

function placeOf(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return `line ${line}, column ${at - before.lastIndexOf('\n')}`;
}

/** The first byte that is invalid UTF-8; the end where the text breaks off within a character. */
function firstInvalid(bytes: Uint8Array): number {
  let [low, high] = [0, bytes.byteLength];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    try {
      // As a stream: a prefix may end within a character.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, middle), { stream: true });
      low = middle;
    } catch {
      high = middle - 1;
    }
  }
  return low;
}
