import { quoted, refuseFile } from './fault.ts';
import { isObject, readJsonFile, refuseImpostors, type JsonObject } from './json-file.ts';
import { readSmall, type ModelSource } from './model-source.ts';

const TOKENIZER = 'tokenizer.json';
const TOKENIZER_CONFIG = 'tokenizer_config.json';
const TEMPLATE = 'chat_template.jinja';
const GENERATION = 'generation_config.json';

/** The largest known tokenizer.json has 33 MB. */
const TOKENIZER_LIMITS = { maxBytes: 64 * 2 ** 20, maxDepth: 32, prototypeKeys: true };
/** Thousands of reserved tokens make a megabyte. */
const TOKENIZER_CONFIG_LIMITS = { maxBytes: 8 * 2 ** 20, maxDepth: 16 };
const GENERATION_LIMITS = { maxBytes: 2 ** 20, maxDepth: 16 };
const MAX_TEMPLATE_BYTES = 2 ** 18;

/** A model folder's files about text; their formats are checked where they are used. */
export interface TokenizerFiles {
  readonly tokenizer: JsonObject;
  /** Empty where there is none. */
  readonly tokenizerConfig: JsonObject;
  /** `chat_template.jinja`, where there is one. */
  readonly chatTemplate: string | null;
  /** `generation_config.json`, where there is one: its `eos_token_id` ends answers too. */
  readonly generation: JsonObject | null;
}

/**
 * Reads the tokenizer's files strictly, for a model of `vocab` rows.
 * @throws LabError as `readJsonFile`; `E_TOKENIZER_FORMAT`, `E_TOKENIZER_ID`, `E_MODEL_VOCABULARY`, `E_TEMPLATE_SIZE`, `E_TEMPLATE_FORMAT`,
 * `E_GENERATION_TOKEN_ID`.
 */
export async function readTokenizerFiles(source: ModelSource, vocab: number): Promise<TokenizerFiles> {
  const tokenizer = await readJsonFile(source, TOKENIZER, TOKENIZER_LIMITS);
  checkTokens(tokenizer, vocab);
  const tokenizerConfig = source.files.has(TOKENIZER_CONFIG)
    ? await readJsonFile(source, TOKENIZER_CONFIG, TOKENIZER_CONFIG_LIMITS)
    : {};
  checkTemplates(tokenizerConfig['chat_template']);
  const chatTemplate = source.files.has(TEMPLATE) ? await readTemplate(source) : null;
  const generation = source.files.has(GENERATION)
    ? await readJsonFile(source, GENERATION, GENERATION_LIMITS)
    : null;
  if (generation) checkGeneration(generation, vocab);
  return { tokenizer, tokenizerConfig, chatTemplate, generation };
}

/** Every id is a row of the embedding, and there are no more entries than rows. */
function checkTokens({ model, added_tokens: added = [] }: JsonObject, vocab: number): void {
  const format = (message: string, place: string): never =>
    refuseFile(TOKENIZER, { code: 'E_TOKENIZER_FORMAT', message, place });
  if (!isObject(model)) return format('there is no "model"', 'model');
  const entries = model['vocab'];
  // Unigram models list their pieces: the place is the id.
  const known = Array.isArray(entries)
    ? new Map(entries.map((_, id) => [String(id), id as unknown]))
    : isObject(entries)
      ? new Map(Object.entries(entries))
      : format('the vocabulary is neither an object nor a list', 'model.vocab');
  if (!Array.isArray(added)) return format('the added tokens are not a list', 'added_tokens');
  const ids: { id: unknown; token: string; place: string }[] = [];
  for (const [token, id] of known) ids.push({ id, token, place: 'model.vocab' });
  let count = known.size;
  for (const [index, entry] of (added as unknown[]).entries()) {
    const place = `added_tokens[${index}]`;
    if (!isObject(entry) || typeof entry['content'] !== 'string')
      return format('an added token is not an object with content', place);
    ids.push({ id: entry['id'], token: entry['content'], place });
    if (Array.isArray(entries) || !known.has(entry['content'])) count++;
  }
  if (Array.isArray(entries)) count = new Set(ids.map(({ id }) => id)).size;
  if (count > vocab)
    refuseFile(TOKENIZER, {
      code: 'E_MODEL_VOCABULARY',
      message: `the tokenizer has ${count} entries, the model ${vocab}`,
      place: 'model.vocab',
      nextStep: 'Take both files from the same model folder.',
    });
  for (const { id, token, place } of ids)
    if (!isTokenId(id, vocab))
      refuseFile(TOKENIZER, {
        code: 'E_TOKENIZER_ID',
        message: `the token ${quoted(token)} has the id ${quoted(String(id))}; the model has the ids 0 to ${vocab - 1}`,
        place,
        nextStep: 'Take both files from the same model folder.',
      });
}

/** One template, or a list of named ones. */
function checkTemplates(value: unknown): void {
  const templates = Array.isArray(value)
    ? value.map(entry => (isObject(entry) ? entry['template'] : entry))
    : value === undefined || value === null
      ? []
      : [value];
  for (const [index, template] of templates.entries()) {
    const place = Array.isArray(value) ? `chat_template[${index}]` : 'chat_template';
    if (typeof template !== 'string')
      refuseFile(TOKENIZER_CONFIG, {
        code: 'E_TEMPLATE_FORMAT',
        message: 'a chat template is not a text',
        place,
      });
    if (template.length > MAX_TEMPLATE_BYTES)
      refuseFile(TOKENIZER_CONFIG, {
        code: 'E_TEMPLATE_SIZE',
        message: `a chat template has ${template.length} characters; at most ${MAX_TEMPLATE_BYTES} are read`,
        place,
      });
  }
}

async function readTemplate(source: ModelSource): Promise<string> {
  const bytes = await readSmall(source, TEMPLATE, MAX_TEMPLATE_BYTES);
  refuseImpostors(bytes, TEMPLATE);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    return refuseFile(
      TEMPLATE,
      { code: 'E_TEMPLATE_FORMAT', message: 'the chat template is not valid UTF-8' },
      error,
    );
  }
}

function checkGeneration(generation: JsonObject, vocab: number): void {
  for (const field of ['eos_token_id', 'bos_token_id']) {
    const ids = generation[field] ?? [];
    for (const id of [ids].flat() as unknown[])
      if (!isTokenId(id, vocab))
        refuseFile(GENERATION, {
          code: 'E_GENERATION_TOKEN_ID',
          message: `${field} holds ${quoted(String(id))}; the model has the ids 0 to ${vocab - 1}`,
          place: field,
        });
  }
}

const isTokenId = (id: unknown, vocab: number): boolean =>
  Number.isSafeInteger(id) && (id as number) >= 0 && (id as number) < vocab;
