import { LabError } from '../../contract/errors.ts';
import {
  PROMPT_LIMITS,
  PROMPT_SPLITS,
  type ChatMessage,
  type PromptRow,
  type PromptSplit,
} from '../../contract/prompts.ts';
import { CATEGORIES, QUERY_KINDS } from '../../contract/world.ts';
import { parseJson } from '../constitution/parse-json.ts';
import { LineFault } from './faults.ts';

/** A line's own fields; missing ones are null. */
export interface DraftRow extends Pick<PromptRow, 'messages' | 'reference'> {
  readonly kind: PromptRow['kind'] | null;
  readonly category: PromptRow['category'] | null;
  readonly split: PromptSplit | null;
  /** Ignored fields. */
  readonly ignored: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const FIELDS = new Set(['prompt', 'messages', 'kind', 'category', 'reference', 'split']);
const MESSAGE_FIELDS = new Set(['role', 'content']);
const ROLES = ['system', 'user', 'assistant'] as const;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const quoted = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);

function fieldsOf(value: unknown, what: string): Fields {
  if (!isFields(value)) throw new LineFault(`${what} is not a JSON object`);
  if (Object.hasOwn(value, '__proto__'))
    throw new LineFault(`${what} has the key "__proto__", which is not allowed`);
  return value;
}

const FORBIDDEN: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\p{Cs}/u, 'half of a character'],
  [/(?![\t\n\r])\p{Cc}/u, 'a control character'],
  [/\p{Noncharacter_Code_Point}/u, 'a character that Unicode reserves'],
];

function textOf(value: unknown, what: string, longest: number): string {
  if (typeof value !== 'string') throw new LineFault(`${what} is ${quoted(value)}, not a text`);
  if (value.trim() === '') throw new LineFault(`${what} is empty`);
  if (value.length > longest)
    throw new LineFault(`${what} has ${value.length} characters; at most ${longest} are allowed`);
  for (const [pattern, name] of FORBIDDEN) {
    const match = pattern.exec(value);
    if (!match) continue;
    const code = match[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    throw new LineFault(`${what} holds ${name} (U+${code})`);
  }
  return value;
}

function choiceOf<T extends string>(value: unknown, what: string, choices: readonly T[]): T | null {
  if (value === undefined || value === null) return null;
  const found = choices.find(choice => choice === value);
  if (found === undefined)
    throw new LineFault(`${what} is ${quoted(value)}, not one of ${choices.join(', ')}`);
  return found;
}

function messageOf(value: unknown, index: number): ChatMessage {
  const what = `message ${index + 1}`;
  const { role, content } = fieldsOf(value, what);
  const known = choiceOf(role, `the role of ${what}`, ROLES);
  if (known === null) throw new LineFault(`${what} has no role`);
  return { role: known, content: textOf(content, `the content of ${what}`, PROMPT_LIMITS.contentLength) };
}

function conversationOf(value: unknown): ChatMessage[] {
  if (!Array.isArray(value)) throw new LineFault('"messages" is not a list');
  if (value.length === 0) throw new LineFault('"messages" is an empty list');
  const { messages: most } = PROMPT_LIMITS;
  if (value.length > most)
    throw new LineFault(`"messages" has ${value.length} messages; at most ${most} are allowed`);
  const messages = value.map(messageOf);
  const late = messages.findIndex(({ role }, index) => role === 'system' && index > 0);
  if (late >= 0) throw new LineFault(`message ${late + 1} is a system message; only the first may be one`);
  if (messages.at(-1)!.role !== 'user')
    throw new LineFault(`the last message is of the role "${messages.at(-1)!.role}"; it must be the user’s`);
  return messages;
}

function messagesOf({ prompt, messages }: Fields): ChatMessage[] {
  const given = (value: unknown): boolean => value !== undefined && value !== null;
  if (given(prompt) && given(messages)) throw new LineFault('both "prompt" and "messages" are given');
  if (given(messages)) return conversationOf(messages);
  if (!given(prompt)) throw new LineFault('neither "prompt" nor "messages" is given');
  return [{ role: 'user', content: textOf(prompt, '"prompt"', PROMPT_LIMITS.contentLength) }];
}

function parse(text: string): unknown {
  try {
    return parseJson('', text);
  } catch (error) {
    if (error instanceof LabError) throw new LineFault(lowerFirst(error.fault.message));
    throw error;
  }
}
const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** Reads one line. @throws LineFault with its first fault. */
export function readRow(text: string): DraftRow {
  const fields = fieldsOf(parse(text), 'the line');
  const { kind, category, split, reference } = fields;
  const messages = messagesOf(fields);
  const inMessages = Array.isArray(fields['messages'])
    ? fields['messages'].flatMap(m => Object.keys(m as object))
    : [];
  return {
    messages,
    kind: choiceOf(kind, '"kind"', QUERY_KINDS),
    category: choiceOf(category, '"category"', CATEGORIES),
    split: choiceOf(split, '"split"', PROMPT_SPLITS),
    reference:
      reference === undefined || reference === null
        ? null
        : textOf(reference, '"reference"', PROMPT_LIMITS.referenceLength),
    ignored: [
      ...Object.keys(fields).filter(name => !FIELDS.has(name)),
      ...inMessages.filter(name => !MESSAGE_FIELDS.has(name)).map(name => `messages.${name}`),
    ],
  };
}
