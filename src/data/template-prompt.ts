import { Tokenizer } from '@huggingface/tokenizers';

/** One turn of a chat. */
export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Renders a model's own chat template to text; transformers.js `apply_chat_template(…, {tokenize: false})` is one. */
export type TemplateRenderer = (messages: readonly ChatMessage[], addGenerationPrompt: boolean) => string;

/** Stand-ins for the contents while the template is rendered: private-use characters that no template writes. */
const standIn = (index: number): string => `\ue000${index}\ue001`;
const STAND_IN = /\ue000(\d+)\ue001/g;

/**
 * Builds prompt ids for any model with a chat template, so that no text of a message can become a control token: the template is
 * rendered with stand-ins, its own parts are encoded with control tokens, the contents without. Throws where the template drops or
 * changes a content.
 */
export function createTemplatePrompt(
  tokenizerJson: { readonly added_tokens: readonly unknown[] },
  tokenizerConfig: object,
  render: TemplateRenderer,
): (messages: readonly ChatMessage[], addGenerationPrompt?: boolean) => number[] {
  const full = new Tokenizer(tokenizerJson, tokenizerConfig);
  const textOnly = new Tokenizer({ ...tokenizerJson, added_tokens: [] }, tokenizerConfig);
  const encode = (tokenizer: Tokenizer, text: string): number[] =>
    text === '' ? [] : tokenizer.encode(text, { add_special_tokens: false }).ids;
  return (messages, addGenerationPrompt = true) => {
    const standIns = messages.map(({ role }, index) => ({ role, content: standIn(index) }));
    const rendered = render(standIns, addGenerationPrompt);
    const ids: number[] = [];
    const used = new Set<number>();
    let end = 0;
    for (const match of rendered.matchAll(STAND_IN)) {
      const index = Number(match[1]);
      const message = messages[index];
      if (message === undefined)
        throw new RangeError(`The chat template names message ${index}, which does not exist.`);
      ids.push(...encode(full, rendered.slice(end, match.index)), ...encode(textOnly, message.content));
      used.add(index);
      end = match.index + match[0].length;
    }
    if (used.size !== messages.length) {
      const lost = messages.findIndex((_message, index) => !used.has(index));
      throw new Error(
        `The chat template leaves out message ${lost} (${messages[lost]?.role ?? 'unknown role'}).`,
      );
    }
    return [...ids, ...encode(full, rendered.slice(end))];
  };
}
