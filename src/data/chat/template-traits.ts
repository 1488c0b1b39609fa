import { LabError } from '../../contract/errors.ts';
import type { ChatMessage } from '../../contract/prompts.ts';
import { TemplateRefusal } from './jinja-template.ts';
import type { PromptPart, RenderParts } from './template-parts.ts';

const SYSTEM: ChatMessage = { role: 'system', content: 'rules' };
const USER: ChatMessage = { role: 'user', content: 'question' };
const ASSISTANT: ChatMessage = { role: 'assistant', content: 'answer' };

/** What the template makes of messages; null where it refuses or loses one. */
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
 * The control token with which the template ends an assistant's turn: the first token of what it writes after the answer, white space aside.
 * Null where it ends the turn with none.
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
  /** What it says by itself where no system message is given; empty where it says nothing. */
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
