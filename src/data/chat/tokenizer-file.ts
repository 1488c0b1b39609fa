import { refuseText } from './faults.ts';

/**
 * Unicode's noncharacters have no meaning in text, so the lab uses them to mark control tokens and the places of contents. Texts that
 * contain them get U+FFFD instead.
 */
const NONCHARACTER = /\p{Noncharacter_Code_Point}/gu;
export const withoutNoncharacters = (text: string): string => text.replace(NONCHARACTER, '\ufffd');

/** Most entries a vocabulary may have; the largest known ones have 262 thousand. */
const MAX_ENTRIES = 1_000_000;

/** One entry of `added_tokens`. */
export interface AddedToken {
  readonly id: number;
  readonly content: string;
  readonly special: boolean;
  readonly lstrip: boolean;
  readonly rstrip: boolean;
}

/** A `tokenizer.json` whose control tokens are replaced by markers that no text can spell. */
export interface MarkedTokenizer {
  readonly json: object;
  /** Added tokens that no text may turn into. */
  readonly control: readonly AddedToken[];
  /** Marker of a control token, by the token's content. */
  readonly markers: ReadonlyMap<string, string>;
  /** One more than the largest id. */
  readonly size: number;
}

interface BpeModel {
  readonly type?: unknown;
  readonly vocab: Readonly<Record<string, number>>;
  readonly merges: readonly (string | readonly [string, string])[];
  readonly unk_token?: string | null;
}

const FILE = 'tokenizer.json';
const marker = (index: number): string => `\ufdd0${index}\ufdd1`;
/** A marker in decoded text; the group is its index among the control tokens. */
export const MARKER = /\ufdd0(\d+)\ufdd1/g;

/**
 * Every added token is a control token, except runs of white space that some vocabularies have as tokens. This includes tokens that are not
 * `special`, such as Qwen's `<think>` and `<tool_call>`: they steer the model just as much.
 */
const isControl = ({ special, content }: AddedToken): boolean => special || content.trim() !== '';

/**
 * Replaces control tokens by markers, in the added tokens, the vocabulary and `unk_token`, and drops merges that would spell one from
 * pieces. The tokenizer then finds a control token only where its marker is, whatever `normalized` says.
 * @throws LabError `E_TOKENIZER_*` for files that are not a BPE tokenizer or contradict themselves.
 */
export function markControlTokens(tokenizerJson: unknown): MarkedTokenizer {
  const json = (tokenizerJson ?? {}) as { model?: unknown; added_tokens?: unknown };
  const model = requireBpe(json.model);
  const added = requireAdded(json.added_tokens ?? []);
  const size = requireIds(model, added);
  const control = added.filter(isControl);
  const markers = new Map(control.map(({ content }, index) => [content, marker(index)]));
  const rename = (token: string): string => markers.get(token) ?? token;
  const spellsControl = (merge: string | readonly [string, string]): boolean =>
    markers.has(typeof merge === 'string' ? merge.replace(' ', '') : merge.join(''));
  return {
    control,
    markers,
    size,
    json: {
      ...json,
      post_processor: null,
      added_tokens: added.map(token => ({
        ...token,
        content: rename(token.content),
        normalized: false,
        single_word: false,
      })),
      model: {
        ...model,
        unk_token: typeof model.unk_token === 'string' ? rename(model.unk_token) : null,
        vocab: Object.fromEntries(Object.entries(model.vocab).map(([token, id]) => [rename(token), id])),
        merges: model.merges.filter(merge => !spellsControl(merge)),
      },
    },
  };
}

function refuseFormat(message: string, place?: string): never {
  return refuseText({ code: 'E_TOKENIZER_FORMAT', file: FILE, message, place });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isMerge = (merge: unknown): boolean =>
  Array.isArray(merge)
    ? merge.length === 2 && merge.every(part => typeof part === 'string')
    : typeof merge === 'string' && merge.split(' ').length === 2;

function requireBpe(value: unknown): BpeModel {
  if (!isRecord(value)) refuseFormat('the file has no "model"');
  const { type, vocab, merges, unk_token: unknown = null } = value;
  if ((type ?? 'BPE') !== 'BPE')
    refuseText({
      code: 'E_TOKENIZER_TYPE',
      file: FILE,
      place: 'model.type',
      message: `the tokenizer is of type ${JSON.stringify(type)?.slice(0, 60)}; only BPE is supported`,
      nextStep: 'Choose a Llama or Qwen model.',
    });
  if (!isRecord(vocab)) refuseFormat('the vocabulary is not an object', 'model.vocab');
  if (!Array.isArray(merges)) refuseFormat('the merges are not a list', 'model.merges');
  const bad = merges.findIndex(merge => !isMerge(merge));
  if (bad >= 0) refuseFormat('a merge is not a pair of tokens', `model.merges[${bad}]`);
  if (unknown !== null && typeof unknown !== 'string')
    refuseFormat('the unknown token is not a text', 'model.unk_token');
  return value as unknown as BpeModel;
}

function requireAdded(value: unknown): AddedToken[] {
  if (!Array.isArray(value)) refuseFormat('added_tokens is not a list', 'added_tokens');
  return value.map((entry: unknown, index): AddedToken => {
    const { id, content, special, lstrip, rstrip } = (entry ?? {}) as Record<string, unknown>;
    if (typeof id !== 'number' || typeof content !== 'string' || content === '')
      refuseFormat('an added token has no id or no content', `added_tokens[${index}]`);
    if (withoutNoncharacters(content) !== content)
      refuseFormat('an added token holds a noncharacter', `added_tokens[${index}]`);
    return {
      id,
      content,
      special: special === true,
      lstrip: lstrip === true,
      rstrip: rstrip === true,
    };
  });
}

/** Ids must be whole numbers in a plausible range, one a token. */
function requireIds({ vocab }: BpeModel, added: readonly AddedToken[]): number {
  const tokenOf = new Map<number, string>();
  let size = 0;
  const claim = (token: string, id: unknown, place: string): void => {
    if (!Number.isInteger(id) || (id as number) < 0 || (id as number) >= MAX_ENTRIES)
      refuseText({
        code: 'E_TOKENIZER_ID',
        file: FILE,
        place,
        message: `${JSON.stringify(token.slice(0, 60))} has the id ${JSON.stringify(id)}; ids are whole numbers from 0 to ${MAX_ENTRIES - 1}`,
      });
    const other = tokenOf.get(id as number);
    if (other !== undefined && other !== token)
      refuseText({
        code: 'E_TOKENIZER_ID',
        file: FILE,
        place,
        message: `${JSON.stringify(token.slice(0, 60))} and ${JSON.stringify(other.slice(0, 60))} share the id ${String(id)}`,
      });
    tokenOf.set(id as number, token);
    size = Math.max(size, (id as number) + 1);
  };
  for (const [token, id] of Object.entries(vocab)) claim(token, id, 'model.vocab');
  for (const [index, { id, content }] of added.entries()) {
    claim(content, id, `added_tokens[${index}]`);
    if (Object.hasOwn(vocab, content) && vocab[content] !== id)
      refuseText({
        code: 'E_TOKENIZER_ID',
        file: FILE,
        place: `added_tokens[${index}]`,
        message: `${JSON.stringify(content.slice(0, 60))} has another id in the vocabulary`,
      });
  }
  if (size === 0) refuseFormat('the vocabulary is empty', 'model.vocab');
  return size;
}
