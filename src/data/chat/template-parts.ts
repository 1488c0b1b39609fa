import type { ChatMessage } from '../../contract/prompts.ts';
import { reasonOf, refuseText } from './faults.ts';
import { TemplateRefusal, type ChatTemplate } from './jinja-template.ts';

/** A segment of a prompt: the template's own text, where control tokens are meant as such, or content, where none are. */
export interface PromptPart {
  readonly text: string;
  readonly from: 'template' | 'content';
}

/** How a template is rendered. */
export interface Rendering {
  /** Whether the beginning of the assistant's turn is appended. */
  readonly generate: boolean;
  /** `enable_thinking`, for the templates that read it. */
  readonly thinking: boolean;
}

export type RenderParts = (messages: readonly ChatMessage[], rendering: Rendering) => PromptPart[];

/** Stands in for a content while the template is rendered: noncharacters, which no content contains. */
const standIn = (index: number): string => `\ufdd2${index}\ufdd3`;
const STAND_IN = /\ufdd2(\d+)\ufdd3/g;

interface Shape {
  readonly role: ChatMessage['role'];
  readonly before: string;
  readonly after: string;
}

/** Outer white space goes into the template with the stand-in, since many templates trim contents; the rest is the content's core. */
function shapeOf({ role, content }: ChatMessage): Shape & { readonly core: string } {
  const core = content.trim();
  const before = content.slice(0, content.length - content.trimStart().length);
  return { role, core, before, after: core === '' ? '' : content.slice(before.length + core.length) };
}

/** Renderings kept in the cache; the prompts of one file have few shapes. */
const KEPT = 64;

/**
 * Renders a chat template with stand-ins for the contents, so that the template never reads them and no content can pass for the
 * template's own text. `variables` go into every rendering. Equal shapes (roles and outer white space) are rendered once.
 * @throws TemplateRefusal; LabError `E_TEMPLATE_LOSES` where the template drops or changes a content, `E_TEMPLATE_*`.
 */
export function createPartRenderer(
  template: ChatTemplate,
  variables: Readonly<Record<string, unknown>>,
): RenderParts {
  const kept = new Map<string, string>();
  const renderShapes = (shapes: readonly Shape[], { generate, thinking }: Rendering): string => {
    const messages = shapes.map(({ role, before, after }, index) => ({
      role,
      content: before + standIn(index) + after,
    }));
    const key = JSON.stringify([messages, generate, thinking]);
    const found = kept.get(key);
    if (found !== undefined) return found;
    const rendered = template.render({
      ...variables,
      messages,
      tools: null,
      documents: null,
      add_generation_prompt: generate,
      enable_thinking: thinking,
    });
    if (kept.size >= KEPT) kept.clear();
    kept.set(key, rendered);
    return rendered;
  };
  return (messages, rendering) => {
    const shapes = messages.map(shapeOf);
    const rendered = renderShapes(shapes, rendering);
    const parts: PromptPart[] = [];
    const used = new Set<number>();
    let end = 0;
    for (const match of rendered.matchAll(STAND_IN)) {
      const shape = shapes[Number(match[1])];
      if (!shape) continue;
      parts.push({ text: rendered.slice(end, match.index), from: 'template' });
      parts.push({ text: shape.core, from: 'content' });
      used.add(Number(match[1]));
      end = match.index + match[0].length;
    }
    const lost = shapes.findIndex((_shape, index) => !used.has(index));
    if (lost >= 0)
      refuseText({
        code: 'E_TEMPLATE_LOSES',
        message: `the chat template leaves out or changes message ${lost + 1} (${shapes[lost]!.role})`,
        nextStep: 'Use a chat template that writes every message as it is.',
      });
    return [...parts, { text: rendered.slice(end), from: 'template' }];
  };
}

/** Turns a template's rejection of messages into a LabError. */
export function withTemplateErrors<T>(file: string, render: () => T): T {
  try {
    return render();
  } catch (error) {
    if (!(error instanceof TemplateRefusal)) throw error;
    return refuseText(
      {
        code: 'E_TEMPLATE_REFUSES',
        file,
        message: `the chat template refuses the messages: ${reasonOf(error)}`,
        nextStep: 'Use messages that the model accepts, or another model.',
      },
      error,
    );
  }
}
