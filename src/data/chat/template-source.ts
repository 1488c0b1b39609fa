import { refuseText } from './faults.ts';

/** Where a model's chat template is, and its text. */
export interface TemplateSource {
  readonly text: string;
  readonly file: string;
}

/**
 * A model's chat template: `chat_template.jinja` if there is one, else `chat_template` of `tokenizer_config.json`, which is a text or a
 * list of named templates, of which `default` is used. As in Hugging Face transformers, the separate file wins.
 * @throws LabError `E_TEMPLATE_MISSING`, `E_TEMPLATE_FORMAT`.
 */
export function findTemplate(tokenizerConfig: unknown, templateFile?: string | null): TemplateSource {
  if (typeof templateFile === 'string' && templateFile.trim() !== '')
    return { text: templateFile, file: 'chat_template.jinja' };
  const file = 'tokenizer_config.json';
  const value = (tokenizerConfig as { chat_template?: unknown } | null)?.chat_template ?? null;
  const text = Array.isArray(value) ? namedDefault(value, file) : value;
  if (text === null || text === '')
    refuseText({
      code: 'E_TEMPLATE_MISSING',
      file,
      message: 'the model has no chat template',
      nextStep: 'Choose a model that was trained to chat: its name often ends in Instruct or Chat.',
    });
  if (typeof text !== 'string')
    refuseText({ code: 'E_TEMPLATE_FORMAT', file, message: 'chat_template is neither a text nor a list' });
  return { text, file };
}

function namedDefault(list: readonly unknown[], file: string): unknown {
  const named = list as readonly ({ name?: unknown; template?: unknown } | null)[];
  const found = named.find(entry => entry?.name === 'default');
  if (found) return found.template;
  const names = named.map(entry => JSON.stringify(entry?.name)).join(', ');
  return refuseText({
    code: 'E_TEMPLATE_MISSING',
    file,
    message: `chat_template has no template "default", only ${names.slice(0, 200) || 'none'}`,
  });
}
