import { Tokenizer } from '@huggingface/tokenizers';
import type { LabTokenizer } from '../lab-tokenizer.ts';
import { reasonOf, refuseText } from './faults.ts';
import { parseChatTemplate } from './jinja-template.ts';
import { specialTokens } from './special-tokens.ts';
import { createPartRenderer, type PromptPart, type RenderParts } from './template-parts.ts';
import { findTemplate } from './template-source.ts';
import { endOfAssistantTurn } from './template-traits.ts';
import { MARKER, markControlTokens, withoutNoncharacters } from './tokenizer-file.ts';

/** What a model's folder says apart from its tokenizer. */
export interface ChatTokenizerOptions {
  /** `chat_template.jinja`, if the folder has one. */
  readonly templateFile?: string | null;
  /** Ids that end generation, of `generation_config.json` and `config.json` (`eosIds`). */
  readonly eos?: readonly number[];
  /** Entries of the model's embedding; ids beyond it are refused. */
  readonly modelVocabulary?: number;
}

/** The tokenizer of a chat model of the Hugging Face hub, with its chat template. */
export interface ChatTokenizer extends LabTokenizer {
  /** Ids of a rendered prompt: control tokens only where the template wrote them, never in contents. */
  encodeParts(parts: readonly PromptPart[]): number[];
  readonly renderParts: RenderParts;
  readonly template: { readonly source: string; readonly file: string };
}

/**
 * Opens a BPE tokenizer (Llama, Qwen and similar) from parsed `tokenizer.json` and `tokenizer_config.json`; does no I/O itself. `decode`
 * leaves out special tokens, and shows other `added_tokens` (`<think>`) by name; ids without an entry, which padded embeddings have, decode
 * to nothing. Noncharacters in a text (U+FDD0 and the like) are encoded as U+FFFD.
 *
 * The regular expressions of `tokenizer.json` run as they are: one that backtracks for ever can be stopped only by ending its worker.
 * @throws LabError `E_TOKENIZER_*`, `E_TEMPLATE_*`.
 */
export function createChatTokenizer(
  tokenizerJson: unknown,
  tokenizerConfig: unknown,
  { templateFile = null, eos = [], modelVocabulary = Infinity }: ChatTokenizerOptions = {},
): ChatTokenizer {
  const { json, control, markers, size } = markControlTokens(tokenizerJson);
  if (size > modelVocabulary)
    refuseText({
      code: 'E_TOKENIZER_ID',
      file: 'tokenizer.json',
      message: `the tokenizer has ids up to ${size - 1}, the model ${modelVocabulary} entries`,
    });
  const tokenizer = openTokenizer(json, tokenizerConfig ?? {});
  const source = findTemplate(tokenizerConfig, templateFile);
  const special = specialTokens(tokenizerConfig);
  const renderParts = createPartRenderer(parseChatTemplate(source.text, source.file), special);
  const idOf = new Map(control.map(({ content, id }) => [content, id]));
  const hidden = new Set(control.filter(token => token.special).map(({ id }) => id));

  const run = (text: string): number[] =>
    text === '' ? [] : tokenizer.encode(text, { add_special_tokens: false }).ids;
  const mark = markerOf(markers);
  const encodeParts = (parts: readonly PromptPart[]): number[] =>
    run(
      parts.map(({ text, from }) => (from === 'template' ? mark(text) : withoutNoncharacters(text))).join(''),
    );
  const named = (text: string): string =>
    text.replace(MARKER, (all, index: string) => control[Number(index)]?.content ?? all);
  const read = (ids: readonly number[]): string =>
    ids.length === 0 ? '' : named(tokenizer.decode([...ids], { clean_up_tokenization_spaces: false }));
  const piece = (id: number): string => {
    const token = tokenizer.id_to_token(id);
    if (token === undefined) return '';
    return token.includes('\u2581') ? token.replaceAll('\u2581', ' ') : read([id]);
  };

  const endOfTurn = requireEnd([
    endOfAssistantTurn(renderParts, encodeParts, new Set(idOf.values())),
    ...eos,
    idOf.get(special['eos_token'] ?? '') ?? null,
  ]);
  return {
    vocabularySize: size,
    endOfTurn,
    renderParts,
    encodeParts,
    controlIds: new Set(idOf.values()),
    template: { source: source.text, file: source.file },
    encode: text => run(withoutNoncharacters(text)),
    decode: ids => {
      const end = ids.findIndex(id => endOfTurn.includes(id));
      const answer = end < 0 ? ids : ids.slice(0, end);
      return read(answer.filter(id => !hidden.has(id) && tokenizer.id_to_token(id) !== undefined));
    },
    pieces: ids => ids.map(piece),
  };
}

function openTokenizer(json: object, config: object): Tokenizer {
  try {
    return new Tokenizer(json, config);
  } catch (error) {
    return refuseText(
      {
        code: 'E_TOKENIZER_FORMAT',
        file: 'tokenizer.json',
        message: `the tokenizer could not be opened: ${reasonOf(error)}`,
      },
      error,
    );
  }
}

/** Puts markers where a template wrote control tokens: leftmost first, and of those the longest, as Hugging Face tokenizers match. */
function markerOf(markers: ReadonlyMap<string, string>): (text: string) => string {
  if (markers.size === 0) return withoutNoncharacters;
  const names = [...markers.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    names.map(name => name.replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)).join('|'),
    'g',
  );
  return text => withoutNoncharacters(text).replace(pattern, name => markers.get(name)!);
}

function requireEnd(ids: readonly (number | null)[]): number[] {
  const found = [...new Set(ids.filter(id => id !== null))];
  if (found.length > 0) return found;
  return refuseText({
    code: 'E_TOKENIZER_EOS',
    file: 'tokenizer_config.json',
    message: 'neither the chat template nor the model’s files say which token ends an answer',
    nextStep: 'Give eos_token_id in generation_config.json.',
  });
}
