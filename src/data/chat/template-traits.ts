import { LabError } from '../../contract/errors.ts';
import type { ChatMessage } from '../../contract/prompts.ts';
import { TemplateRefusal } from './jinja-template.ts';
import type { PromptPart, RenderParts } from './template-parts.ts';

const SYSTEM: ChatMessage = { role: 'system', content: 'rules' };
const USER: ChatMessage = { role: 'user', content: 'question' };
const ASSISTANT: ChatMessage = { role: 'assistant', content: 'answer' };

/** The rendered messages; null where the template refuses or drops one. */
function attempt(
  render: RenderParts,
  messages: readonly ChatMessage[],
  generate: boolean,
): PromptPart[] | null {
  try {
    return render(messages, { generate, thinking: false });
  } catch (error) {
    const declined =
      error instanceof TemplateRefusal ||
      (error instanceof LabError && ['E_TEMPLATE_LOSES', 'E_TEMPLATE_RENDER'].includes(error.fault.code));
    if (declined) return null;
    throw error;
  }
}

/**
 * The control token that ends an assistant's turn: the first token the template writes after the answer, ignoring white space. Null if it
 * ends the turn without one.
 */
export function endOfAssistantTurn(
  render: RenderParts,
  encode: (parts: readonly PromptPart[]) => number[],
  control: ReadonlySet<number>,
): number | null {
  const last = attempt(render, [USER, ASSISTANT], false)?.at(-1);
  const [id] = last ? encode([{ ...last, text: last.text.trimStart() }]) : [];
  return id !== undefined && control.has(id) ? id : null;
}

/** What a template does with system messages. */
export interface SystemTrait {
  readonly supported: boolean;
  /** Its own system message when none is given; empty if it has none. */
  readonly byDefault: string;
}

/** Tries a template with and without a system message. */
export function systemTrait(render: RenderParts): SystemTrait {
  const bare = attempt(render, [USER], true);
  const ruled = attempt(render, [SYSTEM, USER], true);
  if (!ruled) return { supported: false, byDefault: '' };
  const [before, rules, between] = ruled.map(({ text }) => text);
  const alone = bare?.[0]?.text ?? '';
  const framed =
    rules === SYSTEM.content &&
    alone.startsWith(before!) &&
    alone.endsWith(between!) &&
    alone.length > before!.length + between!.length;
  return {
    supported: true,
    byDefault: framed ? alone.slice(before!.length, alone.length - between!.length) : '',
  };
}
