import { lineOf, refuse } from './faults.ts';

/** Deepest nesting of a structured constitution; the format itself needs four. */
export const MAX_DEPTH = 16;

const BLANKS = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/uy;
const PRIMITIVE = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/**
 * A strict JSON reader. JSON.parse would take the last of two equal keys, exhaust the stack on deep nesting and, in some
 * browsers, not say where it failed.
 */
class JsonReader {
  readonly #file: string;
  readonly #text: string;
  #at = 0;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  document(): unknown {
    const value = this.#value(0);
    this.#skip();
    if (this.#at < this.#text.length) this.#fail('JSON', 'The text goes on after the JSON value');
    return value;
  }

  #fail(code: string, message: string, nextStep = 'Correct that place and import again.'): never {
    return refuse(this.#file, { code, message, place: lineOf(this.#text, this.#at), nextStep });
  }

  /** What matches at the current place, consumed; null where nothing does. */
  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }

  #skip(): void {
    this.#take(BLANKS);
  }

  /** Consumes one mark, after blanks; false where another one stands. */
  #mark(mark: string): boolean {
    this.#skip();
    const found = this.#text[this.#at] === mark;
    if (found) this.#at++;
    return found;
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH) {
      this.#fail('DEPTH', `The data is nested more than ${MAX_DEPTH} deep`, 'Use a list of clauses.');
    }
    if (this.#mark('{')) return this.#members(depth);
    if (this.#mark('[')) return this.#items(depth);
    const string = this.#take(STRING);
    if (string !== null) return JSON.parse(string) as string;
    const primitive = this.#take(PRIMITIVE);
    if (primitive === null) this.#fail('JSON', 'The text is not valid JSON');
    return JSON.parse(primitive) as unknown;
  }

  #items(depth: number): unknown[] {
    const items: unknown[] = [];
    if (this.#mark(']')) return items;
    do items.push(this.#value(depth + 1));
    while (this.#mark(','));
    if (!this.#mark(']')) this.#fail('JSON', 'A list is not closed');
    return items;
  }

  #members(depth: number): unknown {
    const members = new Map<string, unknown>();
    if (this.#mark('}')) return {};
    do {
      this.#skip();
      const token = this.#take(STRING);
      if (token === null) this.#fail('JSON', 'A key in double quotes is expected here');
      const key = JSON.parse(token) as string;
      if (members.has(key))
        this.#fail('DUPLICATE_KEY', `The key ${token.slice(0, 60)} is given twice`, 'Keep one of them.');
      if (!this.#mark(':')) this.#fail('JSON', 'A colon is expected here');
      members.set(key, this.#value(depth + 1));
    } while (this.#mark(','));
    if (!this.#mark('}')) this.#fail('JSON', 'An object is not closed');
    return Object.fromEntries(members);
  }
}

/** Parses JSON strictly; the value is not yet checked against the format. */
export const parseJson = (file: string, text: string): unknown => new JsonReader(file, text).document();
