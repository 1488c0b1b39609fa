import { LabError } from '../../contract/errors.ts';
import type { ChatMessage } from '../../contract/prompts.ts';
import type { PromptBuilder } from '../prompt.ts';
import type { ChatTokenizer } from './chat-tokenizer.ts';
import { refuseText } from './faults.ts';
import { withTemplateErrors, type PromptPart } from './template-parts.ts';
import { systemTrait } from './template-traits.ts';

export interface ChatPromptOptions {
  /** The model's context length in tokens. */
  readonly contextLength: number;
  /** `enable_thinking` of templates that have it (Qwen3): whether the model thinks before it answers. Off by default. */
  readonly thinking?: boolean;
}

/** Builds a chat model's sequences with its own template; no text can add a control token. Nothing is ever truncated. */
export interface ChatPromptBuilder extends PromptBuilder {
  /**
   * Ids of a conversation that ends with the user, up to where the answer begins. The constitution becomes the system message, before any
   * that the conversation has; a null or blank one is left out.
   * @throws LabError `E_PROMPT_TOO_LONG` when no token is left for an answer, `E_PROMPT_ROLES`, `E_TEMPLATE_*`.
   */
  conversation(messages: readonly ChatMessage[], constitution: string | null): number[];
  /** The same as text and ids, of any length, for a person to see. */
  rendered(
    messages: readonly ChatMessage[],
    constitution: string | null,
  ): { readonly text: string; readonly ids: readonly number[] };
  /** Notes for the user on how this model is prompted. */
  readonly notes: readonly string[];
}

const isBlank = (text: string): boolean => text.trim() === '';

/** The prompt builder of a chat model. @throws LabError `E_TEMPLATE_*` when the template cannot write a plain question. */
export function createChatPrompts(
  tokenizer: ChatTokenizer,
  { contextLength, thinking = false }: ChatPromptOptions,
): ChatPromptBuilder {
  const { renderParts, encodeParts, encode, endOfTurn, template } = tokenizer;
  const system = systemTrait(renderParts);
  const render = (messages: readonly ChatMessage[]): PromptPart[] =>
    withTemplateErrors(template.file, () => renderParts(messages, { generate: true, thinking }));
  const rulesAnd = (messages: readonly ChatMessage[], constitution: string | null): PromptPart[] =>
    render(withRules(messages, constitution, system.supported));
  const conversation = (messages: readonly ChatMessage[], constitution: string | null): number[] => {
    if (messages.at(-1)?.role !== 'user')
      refuseText({
        code: 'E_PROMPT_ROLES',
        message: 'the conversation does not end with the user',
        nextStep: 'End it with a message of the user.',
      });
    const ids = encodeParts(rulesAnd(messages, constitution));
    if (ids.length >= contextLength) throw tooLong(ids.length + 1, contextLength);
    return ids;
  };
  render([{ role: 'user', content: 'question' }]);
  return {
    conversation,
    rendered: (messages, constitution) => {
      const parts = rulesAnd(messages, constitution);
      return { text: parts.map(({ text }) => text).join(''), ids: encodeParts(parts) };
    },
    prompt: (query, constitution) => conversation([{ role: 'user', content: query }], constitution),
    answer: text => [...encode(text), endOfTurn[0]!],
    notes: notesOf(system, template.source.includes('enable_thinking'), thinking),
  };
}

/** The messages under a constitution: as system message, or before the user's first text where the template has no system role. */
function withRules(
  messages: readonly ChatMessage[],
  constitution: string | null,
  supported: boolean,
): readonly ChatMessage[] {
  const own = messages[0]?.role === 'system' ? messages[0].content : '';
  const rules = [constitution ?? '', own].filter(text => !isBlank(text)).join('\n\n');
  const [first, ...rest] = messages[0]?.role === 'system' ? messages.slice(1) : messages;
  if (rules === '') return [first!, ...rest];
  if (supported) return [{ role: 'system', content: rules }, first!, ...rest];
  return [{ ...first!, content: `${rules}\n\n${first!.content}` }, ...rest];
}

function notesOf(
  { supported, byDefault }: ReturnType<typeof systemTrait>,
  knowsThinking: boolean,
  thinking: boolean,
): string[] {
  const notes: string[] = [];
  if (!supported)
    notes.push('The chat template has no system role: the constitution stands before the user’s text.');
  if (byDefault.trim() !== '')
    notes.push(
      `Without a constitution the chat template writes a system message of its own (“${shortened(byDefault)}”); the constitution takes its place.`,
    );
  if (knowsThinking)
    notes.push(
      thinking ? 'The model thinks aloud before it answers.' : 'The model answers without thinking aloud.',
    );
  else if (thinking) notes.push('The chat template has no switch for thinking; it was left as it is.');
  return notes;
}

const LONGEST_QUOTE = 160;
const shortened = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > LONGEST_QUOTE ? `${line.slice(0, LONGEST_QUOTE)}…` : line;
};

/** A prompt that does not fit, with the tokens it needs and those available; `place` names it. */
export const tooLong = (needed: number, allowed: number, place?: string): LabError =>
  new LabError({
    code: 'E_PROMPT_TOO_LONG',
    message: `prompt and answer need ${needed} tokens; the model reads ${allowed}`,
    ...(place === undefined ? {} : { place }),
    consequence: 'The run did not start; nothing was truncated.',
    nextStep: 'Shorten the prompt, switch off clauses of the constitution, or allow fewer new tokens.',
  });
